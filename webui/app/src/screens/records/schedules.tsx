// Retention schedules: how long, from when, what then, and by what authority.
import { useState } from "preact/hooks";
import { schedulesFrom, scheduleVersions, setScheduleStatus } from "../../api/file_plan";
import type { Schedule } from "../../api/types";
import { Button, EmptyState } from "../../components/controls";
import { Dialog } from "../../components/dialog";
import { AsCsv, Download } from "../../components/download";
import { Icon } from "../../components/icon";
import { Menu, MenuItem } from "../../components/menu";
import { foundPath, PartsList, useFoundParts } from "../../components/parts_list";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater, t } from "../../i18n";
import { formatTime } from "../../i18n/format";
import { mayManageSchedules } from "../../state/session";
import { attempt, TableHead, TableRegion } from "./parts";
import { ScheduleDialog } from "./schedule_dialog";
import { termsInWords } from "./terms";

export function Schedules() {
  const schedules = useFoundParts(schedulesFrom);
  const [editing, setEditing] = useState<Schedule | "new" | null>(null);
  const [history, setHistory] = useState<Schedule | null>(null);
  const text = tLater().records;
  const setStatus = (schedule: Schedule) =>
    attempt(() => setScheduleStatus(schedule, schedule.status === "open" ? "closed" : "open")).then(schedules.reload);
  return (
    <>
      <div class="button-row">
        {mayManageSchedules.value && <Button kind="primary" icon="plus" onClick={() => setEditing("new")}>{text.newSchedule}</Button>}
        <AsCsv path={foundPath("/schedules", schedules)} />
        <Download path="/schedules.pdf">{text.asPdf}</Download>
      </div>
      <PartsList of={schedules}>
        {(all) => all.length === 0 ? <EmptyState icon="clock" title={text.noSchedules}>{text.noSchedulesHelp}</EmptyState> : (
          <TableRegion label={text.tabs.schedules}>
            <TableHead columns={[text.code, text.schedule, text.authority, ""]} />
            <tbody>
              {all.map((schedule) => (
                <tr key={schedule.id}>
                  <td class="nowrap"><strong>{schedule.code}</strong></td>
                  <td>
                    {schedule.terms.title} {schedule.status === "closed" && <span class="badge">{text.closed}</span>}
                    <div class="muted small">{termsInWords(schedule.terms)}</div>
                  </td>
                  <td>{schedule.terms.authority}</td>
                  <td>
                    <div class="actions">
                      <Menu label={`${t().common.more}: ${schedule.code}`} trigger={<Icon name="more" />}>
                        {(close) => (
                          <>
                            {mayManageSchedules.value && <MenuItem icon="edit" onSelect={() => { close(); setEditing(schedule); }}>{t().common.edit}</MenuItem>}
                            <MenuItem icon="list" onSelect={() => { close(); setHistory(schedule); }}>{text.versions}</MenuItem>
                            {mayManageSchedules.value && (
                              <MenuItem icon={schedule.status === "open" ? "lock" : "restore"} onSelect={() => { close(); void setStatus(schedule); }}>
                                {schedule.status === "open" ? text.closeSchedule : text.reopenSchedule}
                              </MenuItem>
                            )}
                          </>
                        )}
                      </Menu>
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </TableRegion>
        )}
      </PartsList>
      {editing !== null && <ScheduleDialog schedule={editing === "new" ? null : editing} onClose={() => setEditing(null)} onSaved={schedules.reload} />}
      {history && <History schedule={history} onClose={() => setHistory(null)} />}
    </>
  );
}

function History({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  const versions = useLoaded(() => scheduleVersions(schedule.id));
  const text = tLater().records;
  return (
    <Dialog title={`${text.versions}: ${schedule.code}`} onClose={onClose}>
      <Content of={versions}>
        {(all) => (
          <ul class="plain-list">
            {all.map(({ number, terms, reason, made_at, made_by }) => (
              <li key={number}>
                <div class="grow">
                  <strong>{number}. {terms.title}</strong>
                  <div>{termsInWords(terms)}</div>
                  <div class="muted small">{formatTime(made_at)}{made_by && ` · ${made_by.name}`}{reason && ` · ${reason}`}</div>
                </div>
              </li>
            ))}
          </ul>
        )}
      </Content>
    </Dialog>
  );
}
