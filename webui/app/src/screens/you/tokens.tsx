import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { createToken, listTokens, revokeToken } from "../../api/admin";
import type { Token, TokenScope } from "../../api/types";
import { Banner, Button, Checkbox, TextField } from "../../components/controls";
import { copyText } from "../../components/copy";
import { ConfirmDialog, Dialog } from "../../components/dialog";
import { Icon } from "../../components/icon";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatAgo, formatDate } from "../../i18n/format";
import { showToast } from "../../state/toasts";
import { FormDialog } from "../../components/form_dialog";

/** The tokens that one has made for programs. */
export function Tokens() {
  const tokens = useLoaded(listTokens);
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState("");
  const [revoking, setRevoking] = useState<Token | null>(null);
  const text = tLater().admin;
  const revoke = async (token: Token) => {
    try {
      await revokeToken(token.id);
    } catch (error) {
      showToast(explain(error));
    }
    await tokens.reload();
  };
  return (
    <>
      <div class="button-row"><span class="grow">{text.tokenLead}</span><Button icon="plus" onClick={() => setMaking(true)}>{text.newToken}</Button></div>
      <Content of={tokens}>
        {(all) => all.length === 0 ? <p class="muted">{text.noTokens}</p> : (
          <ul class="cards">
            {all.map((token) => (
              <li key={token.id} class="card">
                <span class="muted"><Icon name="key" size={24} /></span>
                <div>
                  <div class="name">{token.name}</div>
                  <p class="small">{token.scopes.map((scope) => text.tokenScopes[scope]).join(" · ")}</p>
                  <p class="muted small">
                    {text.tokenCreated} {formatDate(token.created_at)} · {text.tokenUsed} {token.last_used_at ? formatAgo(token.last_used_at) : text.tokenNever.toLowerCase()}
                    {token.expires_at && ` · ${text.tokenExpires} ${formatDate(token.expires_at)}`}
                  </p>
                </div>
                <div class="actions"><Button compact aria-label={`${text.revoke} ${token.name}`} onClick={() => setRevoking(token)}>{text.revoke}</Button></div>
              </li>
            ))}
          </ul>
        )}
      </Content>
      {making && <NewToken onClose={() => setMaking(false)} onMade={(made) => { setSecret(made); void tokens.reload(); }} />}
      {secret && (
        <Dialog title={text.newToken} onClose={() => setSecret("")} footer={<Button kind="primary" icon="copy" onClick={() => copyText(secret)}>{t().panel.copyText}</Button>}>
          <Banner kind="warn">{text.tokenOnce}</Banner>
          <code class="secret" data-token="">{secret}</code>
        </Dialog>
      )}
      {revoking && (
        <ConfirmDialog title={text.revokeTitle} confirm={text.revoke} onClose={() => setRevoking(null)} onConfirm={() => void revoke(revoking)}>{text.revokeHelp}</ConfirmDialog>
      )}
    </>
  );
}

const offered: readonly TokenScope[] = ["read", "add", "change", "records", "audit", "administer"];

function NewToken({ onClose, onMade }: { onClose: () => void; onMade: (secret: string) => void }) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly TokenScope[]>(["read"]);
  const [expires, setExpires] = useState("");
  const text = tLater().admin;
  return (
    <FormDialog title={text.newToken} onClose={onClose} onSave={async () => onMade(await createToken(name, [...scopes], expires ? `${expires}T23:59:59Z` : null))}>
      {(problem) => (
        <>
          <TextField label={text.tokenName} name="name" required error={problem("name")} value={name} onInput={setName} />
          <fieldset class="stack">
            <legend class="label">{text.tokenFor}</legend>
            {offered.map((scope) => (
              <Checkbox key={scope} label={text.tokenScopes[scope]} checked={scopes.includes(scope)}
                onChange={(on) => setScopes(on ? [...scopes, scope] : scopes.filter((other) => other !== scope))} />
            ))}
          </fieldset>
          {problem("scopes") && <div class="field"><div class="error" role="alert">{problem("scopes")}</div></div>}
          <p class="hint">{text.tokenForHint}</p>
          <TextField label={text.tokenExpiry} name="expires" type="date" error={problem("expires_at")} value={expires} onInput={setExpires} />
        </>
      )}
    </FormDialog>
  );
}
