// Lending a paper file, and asking for it back.
import { useState } from "preact/hooks";
import { lendPaper, recallPaper, renewLoan } from "../../api/paper";
import type { Named } from "../../api/types";
import { PersonField } from "../../components/choosers";
import { Select, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { tLater } from "../../i18n";
import { mayManageAccess, session } from "../../state/session";
import { useDayFromToday } from "./use_day";

type Borrower = "me" | "account" | "outsider";

export function LendDialog({ document, title, onClose, onSaved }: { document: number; title: string; onClose: () => void; onSaved: () => Promise<void> }) {
  const self = session.value?.account;
  const [borrower, setBorrower] = useState<Borrower>(self ? "me" : "outsider");
  const [account, setAccount] = useState<Named | null>(null);
  const [name, setName] = useState("");
  const [due, setDue] = useDayFromToday(14);
  const text = tLater().paper;
  const save = async () => {
    const id = borrower === "me" ? self?.id : account?.id;
    await lendPaper(document, borrower === "outsider" ? { borrower: name.trim() } : { account: id ?? 0 }, due);
    await onSaved();
  };
  const kinds: { value: Borrower; label: string }[] = [
    ...(self ? [{ value: "me" as const, label: self.display_name }] : []),
    ...(mayManageAccess.value ? [{ value: "account" as const, label: text.somebodyHere }] : []),
    { value: "outsider", label: text.somebodyElse },
  ];
  return (
    <FormDialog title={`${text.lend}: ${title}`} action={text.lend} onClose={onClose} onSave={save} unready={due === ""}>
      {(problem) => (
        <>
          <Select label={text.borrower} value={borrower} options={kinds} onChange={(chosen) => setBorrower(kinds.find(({ value }) => value === chosen)?.value ?? "outsider")} />
          {borrower === "account" && <PersonField label={text.person} required value={account} error={problem("account")} onPick={setAccount} />}
          {borrower === "outsider" && <TextField label={text.borrowerName} name="borrower" required error={problem("borrower")} value={name} onInput={setName} />}
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
    <FormDialog title={`${text.recall}: ${title}`} action={text.recall} onClose={onClose} onSave={async () => { await recallPaper(document, by); await onSaved(); }} unready={by === ""}>
      {(problem) => <TextField label={text.recallBy} name="by" type="date" required error={problem("by")} value={by} onInput={setBy} />}
    </FormDialog>
  );
}

export function RenewDialog({ document, title, onClose, onSaved }: { document: number; title: string; onClose: () => void; onSaved: () => Promise<void> }) {
  const [due, setDue] = useDayFromToday(14);
  const text = tLater().paper;
  return (
    <FormDialog title={`${text.renew}: ${title}`} action={text.renew} onClose={onClose} onSave={async () => { await renewLoan(document, due); await onSaved(); }} unready={due === ""}>
      {(problem) => <TextField label={text.dueBy} name="due_on" type="date" required error={problem("due_on")} value={due} onInput={setDue} />}
    </FormDialog>
  );
}
