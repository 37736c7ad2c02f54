// One page of the document, with what is pointed at outlined on it.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isAbort } from "../../api/client";
import { fetchWords } from "../../api/documents";
import type { Document } from "../../api/types";
import { IconButton } from "../../components/controls";
import { t, tLater } from "../../i18n";
import { bindKeys } from "../../keys";
import { imageWidth } from "../viewer/layout";
import type { Pointed } from "./pointing";

const widest = 900; // pixels on the screen, as in inbox.css

export function pageImage({ id, version }: { id: number; version: number }, page: number): string {
  return `/api/v1/documents/${id}/pages/${page}/image?w=${imageWidth(widest, window.devicePixelRatio)}&v=${version}`;
}

export function PagePicture({ document, pointed }: { document: Document; pointed: Pointed | null }) {
  const [page, setPage] = useState(1);
  const [failed, setFailed] = useState(false);
  const [size, setSize] = useState<{ page: number; width: number; height: number } | null>(null);
  const pages = document.page_count;
  const turn = (by: 1 | -1) => setPage((now) => Math.min(Math.max(1, now + by), Math.max(1, pages)));
  useEffect(() => { if (pointed) setPage(pointed.page); }, [pointed]);
  useLayoutEffect(() => bindKeys({ nextPage: () => turn(1), previousPage: () => turn(-1) }), [pages]);
  useEffect(() => {
    setFailed(false);
    const controller = new AbortController();
    fetchWords(document.id, page, "", controller.signal).then(({ width, height }) => setSize({ page, width, height }),
      (error: unknown) => { if (!isAbort(error)) setSize(null); }); // nothing can be outlined on a page without words
    return () => controller.abort();
  }, [page]);

  const text = tLater().inbox;
  return (
    <div class="inbox-page">
      {pages > 1 && (
        <div class="turning">
          <IconButton icon="left" small label={t().keys.actions.previousPage} disabled={page <= 1} onClick={() => turn(-1)} />
          <span role="status">{text.page(page, pages)}</span>
          <IconButton icon="right" small label={t().keys.actions.nextPage} disabled={page >= pages} onClick={() => turn(1)} />
        </div>
      )}
      {failed || pages === 0 ? <p class="muted">{text.noPages}</p> : (
        <div class="picture" tabIndex={0} role="group" aria-label={t().viewer.pageImage(page, document.title)}>
          <div>
            <img src={pageImage(document, page)} alt={t().viewer.pageImage(page, document.title)} decoding="async" draggable={false} onError={() => setFailed(true)} />
            {pointed?.page === page && size?.page === page && size.width > 0 && <Outline pointed={pointed} width={size.width} height={size.height} />}
          </div>
        </div>
      )}
    </div>
  );
}

function Outline({ pointed, width, height }: { pointed: Pointed; width: number; height: number }) {
  const first = useRef<SVGRectElement>(null);
  useLayoutEffect(() => first.current?.scrollIntoView({ block: "nearest" }), [pointed]);
  const margin = height / 250;
  return (
    <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      {pointed.boxes.map((box, index) => (
        <rect key={index} {...(index === 0 ? { ref: first } : {})} class="outline" x={box.x - margin} y={box.y - margin}
          width={box.width + 2 * margin} height={box.height + 2 * margin} rx={margin} />
      ))}
    </svg>
  );
}
