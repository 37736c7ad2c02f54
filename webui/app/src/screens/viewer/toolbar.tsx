import { IconButton } from "../../components/controls";
import { later } from "../../components/later";
import { t } from "../../i18n";
import { formatNumber, formatPercent } from "../../i18n/format";
import { dimPages, showDoubtful, showInfo, showThumbnails } from "../../state/preferences";
import type { Finding } from "./find";
import type { Zoom } from "./layout";

const FindField = later(async () => (await import("./find_field")).FindField, null);

export function Toolbar({ page, count, onPage, zoom, shownZoom, onZoom, onZoomStep, onRotate, hits, finding, onFound, doubtful }: {
  page: number;
  count: number;
  onPage: (page: number) => void;
  zoom: Zoom;
  shownZoom: number;
  onZoom: (zoom: Zoom) => void;
  onZoomStep: (step: 1 | -1) => void;
  onRotate: () => void;
  hits: { at: number; all: number; counting: boolean; failed: boolean; countAgain: () => void; step: (step: 1 | -1) => void } | null;
  finding: Finding | null; // none where there are no words
  onFound: () => void; // the field is closed
  doubtful: { here: number; step: (step: 1 | -1) => void };
}) {
  const text = t().viewer;
  return (
    <div class="viewer-bar" role="toolbar" aria-label={text.toolbar}>
      <span class="optional">
        <IconButton icon="thumbnails" label={text.thumbnails} aria-pressed={showThumbnails.value}
          onClick={() => { showThumbnails.value = !showThumbnails.value; }} />
      </span>
      <IconButton icon="up" label={text.previousPage} disabled={page <= 1} onClick={() => onPage(page - 1)} />
      <IconButton icon="down" label={text.nextPage} disabled={page >= count} onClick={() => onPage(page + 1)} />
      <input class="input page-number" aria-label={text.page} inputMode="numeric" value={String(page)}
        onChange={(event) => {
          const wanted = Number(event.currentTarget.value);
          if (Number.isInteger(wanted) && wanted >= 1 && wanted <= count) onPage(wanted);
          else event.currentTarget.value = String(page);
        }} />
      <span class="text">{text.ofPages(count)}</span>
      <span class="divider optional" />
      <IconButton icon="minus" label={text.zoomOut} onClick={() => onZoomStep(-1)} />
      <span class="text optional" aria-label={text.zoom}>{formatPercent(shownZoom)}</span>
      <IconButton icon="plus" label={text.zoomIn} onClick={() => onZoomStep(1)} />
      <IconButton icon="fitWidth" label={text.fitWidth} aria-pressed={zoom === "width"} onClick={() => onZoom("width")} />
      <span class="optional">
        <IconButton icon="fitPage" label={text.fitPage} aria-pressed={zoom === "page"} onClick={() => onZoom("page")} />
      </span>
      <IconButton icon="rotate" label={text.rotate} onClick={onRotate} />
      <span class="optional">
        <IconButton icon="sun" label={text.dim} aria-pressed={dimPages.value} onClick={() => { dimPages.value = !dimPages.value; }} />
      </span>
      <span class="optional">
        <IconButton icon="help" label={text.doubtful} aria-pressed={showDoubtful.value} onClick={() => { showDoubtful.value = !showDoubtful.value; }} />
      </span>
      <div class="looking">
        {showDoubtful.value && (
          <div class="hits" role="group">
            <span class="text" role="status">{text.doubtfulHere(doubtful.here)}</span>
            <IconButton icon="up" label={text.previousDoubtful} onClick={() => doubtful.step(-1)} />
            <IconButton icon="down" label={text.nextDoubtful} onClick={() => doubtful.step(1)} />
          </div>
        )}
        {finding && (finding.times > 0
          ? <FindField finding={finding} onStep={(step) => hits?.step(step)} onClose={() => { finding.end(); onFound(); }} />
          : <IconButton icon="search" label={t().keys.actions.find} onClick={finding.begin} />)}
        {hits && (
          <div class="hits" role="group" aria-busy={hits.counting}>
            <span class="text" role="status">{hits.all > 0 ? text.hits(formatNumber(hits.at), formatNumber(hits.all)) : hits.counting ? text.countingHits : hits.failed ? t().errors.title : text.noHits}</span>
            {hits.failed && <IconButton icon="retry" label={t().common.retry} onClick={hits.countAgain} />}
            {hits.all > 0 && (
              <>
                <IconButton icon="up" label={text.previousHit} onClick={() => hits.step(-1)} />
                <IconButton icon="down" label={text.nextHit} onClick={() => hits.step(1)} />
              </>
            )}
          </div>
        )}
        <IconButton icon="info" label={text.info} aria-pressed={showInfo.value} onClick={() => { showInfo.value = !showInfo.value; }} />
      </div>
    </div>
  );
}
