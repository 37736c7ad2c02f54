// What becomes due and was destroyed by year, what waits for an event, what is lent, what came in by month.
import { fetchGrowth, fetchYears } from "../../api/disposition";
import { BarChart } from "../../components/bar_chart";
import { Download } from "../../components/download";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { formatNumber, formatSize } from "../../i18n/format";
import { mayLend } from "../../state/session";
import { LoanReport, WaitingReport } from "./report_lists";

export function Reports() {
  const years = useLoaded(fetchYears);
  const growth = useLoaded(fetchGrowth);
  const text = tLater().records;
  return (
    <>
      <div class="button-row">
        <h2 class="grow">{text.byYear}</h2>
        <Download path="/reports/years.csv">{text.asCsv}</Download>
      </div>
      <Content of={years}>
        {(items) => items.length === 0 ? <p class="muted">{text.noYears}</p> : (
          <BarChart title={text.byYearHelp} series={[text.actions.destroy, text.actions.transfer, text.actions.review, text.destroyed]}
            bars={items.map((one) => ({ label: String(one.year), values: [one.to_destroy, one.to_transfer, one.to_review, one.destroyed] }))} />
        )}
      </Content>
      <WaitingReport />
      {mayLend.value && <LoanReport />}
      <div class="button-row">
        <h2 class="grow">{text.growth}</h2>
        <Download path="/reports/growth.csv">{text.asCsv}</Download>
      </div>
      <Content of={growth}>
        {({ documents, pages, items }) => {
          const bars = (pick: (one: (typeof items)[number]) => number) => items.map((one) => ({ label: one.month, values: [pick(one)] }));
          return (
            <>
              <p>{text.volume(formatNumber(documents), formatNumber(pages))}</p>
              <BarChart title={text.documentsByMonth} series={[text.document]} bars={bars((one) => one.documents)} />
              <BarChart title={text.pagesByMonth} series={[text.pages]} bars={bars((one) => one.pages)} />
              <BarChart title={text.bytesByMonth} series={[text.size]} bars={bars((one) => one.bytes)} format={formatSize} />
              <BarChart title={text.destroyedByMonth} series={[text.destroyed]} bars={bars((one) => one.destroyed)} />
            </>
          );
        }}
      </Content>
    </>
  );
}
