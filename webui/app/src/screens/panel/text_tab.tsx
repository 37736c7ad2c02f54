// The text of the page in view, to read, to copy, and to correct. While one is being corrected, that page stays.
import { useEffect, useState } from "preact/hooks";
import { explain, isAbort } from "../../api/client";
import { fetchPageText } from "../../api/documents";
import type { Document, PageText } from "../../api/types";
import { Conflict } from "../../components/conflict";
import { Banner, Button, Loading } from "../../components/controls";
import { t, tLater } from "../../i18n";
import { formatPercent, htmlLanguage } from "../../i18n/format";
import { mayEdit } from "../../state/session";
import { showToast } from "../../state/toasts";
import { copyText } from "../../components/copy";
import { PageProblem } from "../viewer/page_problem";
import { useCorrection } from "./correcting";
import { useSaveKey } from "./save_key";

export function TextTab({ document, page }: { document: Document; page: number }) {
  const correction = useCorrection(document.id);
  const { written } = correction;
  const [text, setText] = useState<PageText | null>(null);
  const [error, setError] = useState("");
  useSaveKey(correction.save);
  useEffect(() => {
    setText(null);
    setError("");
    const controller = new AbortController();
    fetchPageText(document.id, page, controller.signal).then(setText, (failure: unknown) => {
      if (!isAbort(failure)) setError(explain(failure));
    });
    return () => controller.abort();
  }, [document.id, document.version, page]);

  if (written) return <Editor correction={correction} />;
  if (error && !text) return <Banner kind="danger">{error}</Banner>;
  if (!text) return <Loading />;
  const labels = t().panel;
  const mayCorrect = mayEdit.value && document.may_change && !document.trashed_at;
  return (
    <>
      <div>
        <h2>{t().viewer.textOfPage(page)}</h2>
        <p class="muted small">{sourceText(text)}</p>
        <PageProblem document={document.id} version={document.version} page={page} />
      </div>
      <div class="chips">
        {mayCorrect && <Button compact icon="edit" onClick={() => correction.begin(page, text)}>{labels.editText}</Button>}
        {text.text && <Button compact icon="copy" onClick={() => copyText(text.text)}>{labels.copyText}</Button>}
      </div>
      <p class="page-text" lang={htmlLanguage(document.language)}>{text.text || labels.nothing}</p>
    </>
  );
}

function Editor({ correction: { written, outcome, edit, save, keepMine, drop } }: { correction: ReturnType<typeof useCorrection> }) {
  const labels = t().panel;
  const saveAndTell = async () => { if (await save()) showToast(t().common.saved); };
  if (!written) return null;
  return (
    <>
      <h2>{tLater().writing.page(written.page)}</h2>
      {outcome?.kind === "failed" && <Banner kind="danger">{outcome.reason}</Banner>}
      {outcome?.kind === "overtaken" && <Conflict keepMine={keepMine} takeTheirs={async () => drop()} />}
      <div class="field">
        <label class="label" for="page-editor">{labels.editText}</label>
        <div class="hint">{labels.textHelp}</div>
        <textarea id="page-editor" class="input page-editor" value={written.text} onInput={(event) => edit(event.currentTarget.value)} />
        <div class="chips">
          <Button kind="primary" onClick={() => void saveAndTell()}>{labels.saveText}</Button>
          <Button onClick={drop}>{t().common.cancel}</Button>
        </div>
      </div>
    </>
  );
}

function sourceText({ source, confidence }: PageText): string {
  const labels = t().panel;
  switch (source) {
    case "corrected": return labels.corrected;
    case "ocr": return `${labels.recognised}, ${labels.confidence(formatPercent(confidence / 100))}`;
    case "native": return labels.nativeText;
    case "blank": return labels.blank;
    default: return "";
  }
}
