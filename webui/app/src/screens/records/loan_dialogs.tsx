// Lending a paper file, and asking for it back.
import { useState } from "preact/hooks";
import { lendPaper, recallPaper, renewLoan } from "../../api/paper";
import { listPeople } from "../../api/records";
import { Select, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { mayManageAccess, session } from "../../state/session";
import { useDayFromToday } from "./use_day";

const somebodyElse = "-";

export function LendDialog({ document, title, onClose, onSaved }: { document: number; title: string; onClose: () => void; onSaved: () => Promise<void> }) {
  const self = session.value?.account;
  const people = useLoaded(async () => (mayManageAccess.value ? listPeople() : []));
  const [account, setAccount] = useState(self ? String(self.id) : somebodyElse);
  const [name, setName] = useState("");
  const [due, setDue] = useDayFromToday(14);
  const text = tLater().paper;
  const save = async () => {
    await lendPaper(document, account === somebodyElse ? { borrower: name.trim() } : { account: Number(account) }, due);
    await onSaved();
  };
  const others = (people.data ?? []).filter(({ id }) => id !== self?.id);
  return (
    <FormDialog title={`${text.lend}: ${title}`} action={text.lend} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <Select label={text.borrower} value={account} onChange={setAccount} options={[
            ...(self ? [{ value: String(self.id), label: self.display_name }] : []),
            ...others.map(({ id, name: called }) => ({ value: String(id), label: called })),
            { value: somebodyElse, label: text.somebodyElse },
          ]} />
          {account === somebodyElse && <TextField label={text.borrowerName} name="borrower" required error={problem("borrower")} value={name} onInput={setName} />}
          <TextField label={text.dueBy} name="due_on" type="date" required error={problem("due_on")} value={due} onInput={setDue} />
        </>
      )}
    </FormDialog>
  );
}

export function RecallDialog({ document, title, onClose, onSaved }: { document: number; title: string; onClose: () => void; onSaved: () => Promise<void> }) {
  const [by, setBy] = useDayFromToday(3);
  const text = tLater().paper;
  return (
    <FormDialog title={`${text.recall}: ${title}`} action={text.recall} onClose={onClose} onSave={async () => { await recallPaper(document, by); await onSaved(); }}>
      {(problem) => <TextField label={text.recallBy} name="by" type="date" required error={problem("by")} value={by} onInput={setBy} />}
    </FormDialog>
  );
}

export function RenewDialog({ document, title, onClose, onSaved }: { document: number; title: string; onClose: () => void; onSaved: () => Promise<void> }) {
  const [due, setDue] = useDayFromToday(14);
  const text = tLater().paper;
  return (
    <FormDialog title={`${text.renew}: ${title}`} action={text.renew} onClose={onClose} onSave={async () => { await renewLoan(document, due); await onSaved(); }}>
      {(problem) => <TextField label={text.dueBy} name="due_on" type="date" required error={problem("due_on")} value={due} onInput={setDue} />}
    </FormDialog>
  );
}
