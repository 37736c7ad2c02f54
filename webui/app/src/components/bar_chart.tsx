// Figures as bars, stacked by series, with the same figures as a table for whoever reads numbers or hears them.
import { tLater } from "../i18n";
import { formatNumber } from "../i18n/format";

export interface Bar {
  label: string;
  values: readonly number[]; // one for each series, not negative
}

const width = 720;
const height = 180;
const floor = 22; // for the labels
const overhang = 26; // of the first and the last label

export function BarChart({ title, series, bars, format = formatNumber }: {
  title: string;
  series: readonly string[];
  bars: readonly Bar[];
  format?: (value: number) => string;
}) {
  const sums = bars.map(({ values }) => values.reduce((sum, value) => sum + value, 0));
  const highest = Math.max(...sums, 0);
  const most = Math.max(highest, 1);
  const step = width / Math.max(bars.length, 1);
  const everyLabel = Math.max(1, Math.ceil(bars.length / 12));
  return (
    <figure class="chart">
      <figcaption>{title} <span class="muted small">{tLater().records.chartMost(format(highest))}</span></figcaption>
      {series.length > 1 && (
        <ul class="chart-key" aria-hidden="true">{series.map((name, at) => <li key={name}><span class={`swatch series-${at}`} />{name}</li>)}</ul>
      )}
      <svg viewBox={`${-overhang} 0 ${width + 2 * overhang} ${height}`} role="img" aria-label={title}>
        <line class="chart-axis" x1={0} x2={width} y1={height - floor} y2={height - floor} />
        {bars.map((bar, index) => {
          let top = height - floor;
          return (
            <g key={bar.label}>
              {bar.values.map((value, at) => {
                const tall = (value / most) * (height - floor - 4);
                top -= tall;
                return <rect key={at} class={`series-${at}`} x={index * step + step * 0.12} width={step * 0.76} y={top} height={tall}><title>{`${bar.label} · ${series[at] ?? ""}: ${format(value)}`}</title></rect>;
              })}
              {index % everyLabel === 0 && <text class="chart-label" x={index * step + step / 2} y={height - 6} text-anchor="middle">{bar.label}</text>}
            </g>
          );
        })}
      </svg>
      <details>
        <summary>{tLater().records.asTable}</summary>
        <table class="table">
          <thead><tr><td />{series.map((name) => <th key={name} scope="col">{name}</th>)}</tr></thead>
          <tbody>{bars.map(({ label, values }) => <tr key={label}><th scope="row">{label}</th>{values.map((value, at) => <td key={at}>{format(value)}</td>)}</tr>)}</tbody>
        </table>
      </details>
    </figure>
  );
}
