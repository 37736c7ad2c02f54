// Small controls, native first. What each needs for a screen reader is required by its type.
import type { ComponentChildren, InputHTMLAttributes, JSX, Ref } from "preact";
import { useId } from "preact/hooks";
import { t } from "../i18n";
import { Icon, type IconName } from "./icon";

type ButtonProps = Omit<JSX.IntrinsicElements["button"], "label" | "size" | "icon" | "class">;

export function Button({ icon, kind = "", compact, children, ...rest }: ButtonProps & {
  icon?: IconName;
  kind?: "" | "primary" | "danger" | "quiet";
  compact?: boolean;
}) {
  return (
    <button type="button" {...rest} class={`button ${kind} ${compact ? "compact" : ""}`}>
      {icon && <Icon name={icon} size={compact ? 16 : 18} />}
      {children}
    </button>
  );
}

/** A button that shows only an icon. Its label is its name and its tooltip. */
export function IconButton({ icon, label, small, ...rest }: ButtonProps & { icon: IconName; label: string; small?: boolean }) {
  return (
    <button type="button" title={label} {...rest} class={`icon-button ${small ? "small" : ""}`} aria-label={label}>
      <Icon name={icon} size={small ? 16 : 20} />
    </button>
  );
}

/** A labelled field: its control gets the id, and the ids of hint and error to be described by. */
export function Field({ label, hint, error, children }: {
  label: string;
  hint?: ComponentChildren;
  error?: string | undefined;
  children: (control: { id: string; "aria-describedby"?: string; "aria-invalid"?: "true" }) => ComponentChildren;
}) {
  const id = useId();
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        ...(described ? { "aria-describedby": described } : {}),
        ...(error ? { "aria-invalid": "true" as const } : {}),
      })}
      {hint && <div class="hint" id={`${id}-hint`}>{hint}</div>}
      {error && <div class="error" id={`${id}-error`} role="alert">{error}</div>}
    </div>
  );
}

type TextInput = Pick<InputHTMLAttributes<HTMLInputElement>, "name" | "autoComplete" | "autoCapitalize" | "required" | "minLength" | "min" | "max" | "pattern"> & {
  type?: "text" | "password" | "date" | "number";
};

export function TextField({ label, hint, error, value, onInput, inputRef, ...rest }:
  TextInput & {
    label: string;
    hint?: ComponentChildren;
    error?: string | undefined;
    value: string;
    onInput: (value: string) => void;
    inputRef?: Ref<HTMLInputElement>;
  }) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <input {...(rest as InputHTMLAttributes<HTMLInputElement>)} {...control} {...(inputRef ? { ref: inputRef } : {})} class="input" value={value}
          onInput={(event) => onInput(event.currentTarget.value)} />
      )}
    </Field>
  );
}

export function Select({ label, value, options, onChange, hidden, required, error }: {
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
  hidden?: boolean; // the label is for screen readers only
  required?: boolean; // the option without a value is not enough
  error?: string | undefined;
}) {
  const control = (attributes: JSX.IntrinsicElements["select"]) => (
    <select {...attributes} class="input" required={required ?? false} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {options.map((option) => <option key={option.value} value={option.value} selected={option.value === value}>{option.label}</option>)}
    </select>
  );
  if (hidden) return control({ "aria-label": label });
  return <Field label={label} error={error}>{(attributes) => control(attributes)}</Field>;
}

export function Checkbox({ label, checked, onChange }: { label: ComponentChildren; checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <label class="checkbox">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

export function Chip({ children, onRemove, removeLabel, exclude }: {
  children: ComponentChildren;
  onRemove: () => void;
  removeLabel: string;
  exclude?: boolean;
}) {
  return (
    <span class={`chip ${exclude ? "exclude" : ""}`}>
      <span>{children}</span>
      <IconButton icon="close" small label={removeLabel} onClick={onRemove} />
    </span>
  );
}

export function Loading() {
  return (
    <div class="loading" role="status">
      <div class="spinner" aria-hidden="true" />
      {t().common.loading}
    </div>
  );
}

export function EmptyState({ icon, title, children, actions, danger }: {
  icon: IconName;
  title: string;
  children?: ComponentChildren;
  actions?: ComponentChildren;
  danger?: boolean;
}) {
  return (
    <div class="empty">
      <div class={`picture ${danger ? "danger" : ""}`}><Icon name={icon} size={30} /></div>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div class="actions">{actions}</div>}
    </div>
  );
}

export function Banner({ kind, icon, children }: { kind?: "danger" | "warn" | "ok" | undefined; icon?: IconName; children: ComponentChildren }) {
  return (
    <div class={`banner ${kind ?? ""}`} role={kind === "danger" ? "alert" : undefined}>
      <Icon name={icon ?? (kind === "ok" ? "check" : kind ? "quarantine" : "info")} />
      <div>{children}</div>
    </div>
  );
}
