// The text of the page in view, to read, to copy, and to correct.
import { useEffect, useState } from "preact/hooks";
import { explain, isAbort, isStale } from "../../api/client";
import { correctPageText, fetchPageText } from "../../api/documents";
import type { Document, PageText } from "../../api/types";
import { Banner, Button, Loading } from "../../components/controls";
import { t } from "../../i18n";
import { formatPercent, htmlLanguage } from "../../i18n/format";
import { loadDocument, openDocument } from "../../state/document";
import { mayEdit } from "../../state/session";
import { showToast } from "../../state/toasts";
import { copyText } from "../../components/copy";

export function TextTab({ document, page }: { document: Document; page: number }) {
  const [text, setText] = useState<PageText | null>(null);
  const [draft, setDraft] = useState<string | null>(null);
  const [error, setError] = useState("");
  useEffect(() => {
    setText(null);
    setDraft(null);
    setError("");
    const controller = new AbortController();
    fetchPageText(document.id, page, controller.signal).then(setText, (failure: unknown) => {
      if (!isAbort(failure)) setError(explain(failure));
    });
    return () => controller.abort();
  }, [document.id, document.version, page]);

  const save = async () => {
    if (draft === null) return;
    try {
      await correctPageText(openDocument.value ?? document, page, draft);
      showToast(t().common.saved);
      await loadDocument(document.id);
    } catch (failure) {
      const stale = isStale(failure);
      setError(explain(failure));
      if (stale) await loadDocument(document.id);
    }
  };

  if (error && !text) return <Banner kind="danger">{error}</Banner>;
  if (!text) return <Loading />;
  const labels = t().panel;
  const mayCorrect = mayEdit.value && document.may_change && !document.trashed_at;
  return (
    <>
      <div>
        <h3>{t().viewer.textOfPage(page)}</h3>
        <p class="muted small">{sourceText(text)}</p>
      </div>
      {error && <Banner kind="danger">{error}</Banner>}
      {draft === null
        ? (
          <>
            <div class="chips">
              {mayCorrect && <Button compact icon="edit" onClick={() => setDraft(text.text)}>{labels.editText}</Button>}
              {text.text && <Button compact icon="copy" onClick={() => copyText(text.text)}>{labels.copyText}</Button>}
            </div>
            <p class="page-text" lang={htmlLanguage(document.language)}>{text.text || labels.nothing}</p>
          </>
        )
        : (
          <div class="field">
            <label class="label" for="page-editor">{labels.editText}</label>
            <div class="hint">{labels.textHelp}</div>
            <textarea id="page-editor" class="input page-editor" value={draft} onInput={(event) => setDraft(event.currentTarget.value)} />
            <div class="chips">
              <Button kind="primary" onClick={() => void save()}>{labels.saveText}</Button>
              <Button onClick={() => setDraft(null)}>{t().common.cancel}</Button>
            </div>
          </div>
        )}
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
