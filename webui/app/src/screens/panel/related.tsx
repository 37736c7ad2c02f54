// What a document came in, what came in within it, and a mail's headers.
import type { Document } from "../../api/types";
import { t, tLater } from "../../i18n";
import { formatNumber, formatSize } from "../../i18n/format";

export function Related({ document }: { document: Document }) {
  const text = t().panel.related;
  return (
    <>
      {document.message.length > 0 && (
        <section aria-label={text.message}>
          <h3>{text.message}</h3>
          <dl class="facts">
            {document.message.flatMap(({ name, value }) => [
              <dt key={name}>{(text.names as Record<string, string>)[name] ?? name}</dt>,
              <dd key={`${name} value`}>{value}</dd>,
            ])}
          </dl>
        </section>
      )}
      {document.came_in.length > 0 && (
        <section aria-label={text.cameIn}>
          <h3>{text.cameIn}</h3>
          <ul>{document.came_in.map(({ id, title }) => <li key={id}><a href={`/?doc=${id}`}>{title}</a></li>)}</ul>
        </section>
      )}
      {document.member_count > 0 && (
        <section aria-label={text.members}>
          <h3>{text.members}</h3>
          <ul>
            {document.members.map(({ path, document: member, problem }) => (
              <li key={`${member?.id} ${path}`}>
                {member ? <a href={`/?doc=${member.id}`} title={path}>{member.title}</a> : <>{path} <span class="muted small">{text.notTaken}: {problem}</span></>}
              </li>
            ))}
          </ul>
          {document.member_count > document.members.length && (
            <p class="muted">{text.more(formatNumber(document.member_count - document.members.length))}</p>
          )}
        </section>
      )}
      {document.attachments.length > 0 && <Attachments document={document} />}
    </>
  );
}

/** Of a mail that is one document with what is attached to it: where its pages are, and the file itself. */
function Attachments({ document }: { document: Document }) {
  const text = tLater().mail;
  return (
    <section aria-label={text.attachments}>
      <h3>{text.attachments}</h3>
      <ul>
        {document.attachments.map(({ number, filename, size, first_page, problem }) => (
          <li key={number}>
            {first_page === null ? filename : <a href={`/?doc=${document.id}&p=${first_page}`}>{filename}</a>}{" "}
            <a class="small" href={`/api/v1/documents/${document.id}/attachments/${number}`} download aria-label={text.downloadOf(filename)}>{formatSize(size)}</a>
            {problem !== null && <> <span class="muted small">{text.noPages}: {problem}</span></>}
          </li>
        ))}
      </ul>
    </section>
  );
}
