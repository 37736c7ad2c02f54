// A QR code from its rows of modules, as the service sends them.

/** Dark on white in every theme: readers need it so. */
export function QrCode({ rows, label }: { rows: readonly string[]; label: string }) {
  const modules = rows.flatMap((row, y) => [...row].flatMap((module, x) => (module === "1" ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg width={220} height={220} viewBox={`0 0 ${rows[0]?.length ?? 1} ${rows.length}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width="100%" height="100%" fill="#fff" />
      <path d={modules.join("")} fill="#000" />
    </svg>
  );
}
