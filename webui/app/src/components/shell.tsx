// What surrounds every screen: the rail, the bar with the search field, and what floats above.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { explain } from "../api/client";
import { connected } from "../api/events";
import { language, languages, t } from "../i18n";
import { formatNumber } from "../i18n/format";
import { bindKeys } from "../keys";
import { lastList, location, navigate } from "../router";
import { adminTabs } from "../screens/admin/tabs";
import { managesRecords } from "../screens/records/tabs";
import { SearchBox } from "../screens/search/search_box";
import { chooseFiles } from "../screens/upload/choose";
import { DropOverlay } from "../screens/upload/drop";
import { inboxCount, quarantineCount } from "../state/counts";
import { theme, type Theme } from "../state/preferences";
import { chooseLanguage, mayCapture, mayEdit, mayShare, session } from "../state/session";
import { asksToSignOut, signOutNow, wishToSignOut } from "../state/signing_out";
import { showToast, undoLast } from "../state/toasts";
import { notSent, uploadKeys, uploadNews } from "../state/uploads";
import { Bell } from "./bell";
import { Button, IconButton } from "./controls";
import { ConfirmDialog } from "./dialog";
import { Icon, Logo, type IconName } from "./icon";
import { later } from "./later";
import { Menu, MenuItem } from "./menu";
import { Toasts } from "./toasts";

const CommandMenu = later(async () => (await import("./command_menu")).CommandMenu, null);
const UploadTray = later(async () => (await import("../screens/upload/tray")).UploadTray, null);
const HelpDialog = later(async () => (await import("./help_dialog")).HelpDialog, null);

interface Place {
  path: string;
  icon: IconName;
  label: string;
  count?: number;
}

export function places(): Place[] {
  const text = t().nav;
  const all: Place[] = [
    { path: "/", icon: "documents", label: text.documents },
    ...(mayEdit.value ? [{ path: "/inbox", icon: "inbox", label: text.inbox, count: inboxCount.value } as const] : []),
    ...(mayCapture.value ? [{ path: "/scan", icon: "scan", label: text.scan } as const] : []),
    managesRecords() ? { path: "/records", icon: "records", label: text.records } : { path: "/records", icon: "folder", label: text.folders },
    { path: "/activity", icon: "activity", label: text.activity },
    { path: "/quarantine", icon: "quarantine", label: text.quarantine, count: quarantineCount.value },
    { path: "/trash", icon: "trash", label: text.trash },
  ];
  if (adminTabs().length > 0) all.push({ path: "/admin", icon: "admin", label: text.admin });
  return all;
}

export function Shell({ children }: { children: ComponentChildren }) {
  const [dialog, setDialog] = useState<"help" | "commands" | null>(null);
  const { path } = location.value;
  useFocusOnTitle(path);
  const administers = adminTabs().length > 0;
  useLayoutEffect(() => bindKeys({
    commands: () => setDialog("commands"),
    help: () => setDialog("help"),
    ...(mayCapture.value ? { upload: chooseFiles } : {}),
    undo: () => { undoLast(); },
    goDocuments: () => navigate(lastList.value),
    ...(mayEdit.value ? { goInbox: () => navigate("/inbox") } : {}),
    ...(mayCapture.value ? { goScan: () => navigate("/scan") } : {}),
    ...(administers ? { goAdmin: () => navigate("/admin") } : {}),
    goFolders: () => navigate("/records/plan"),
    goRecords: () => navigate("/records"),
    goActivity: () => navigate("/activity"),
    goQuarantine: () => navigate("/quarantine"),
    goTrash: () => navigate("/trash"),
  }), [mayCapture.value, mayEdit.value, administers]);

  return (
    <div class="shell">
      <a class="skip-link" href="#main">{t().common.skipToContent}</a>
      <Rail path={path} />
      <header class="topbar">
        <SearchBox />
        <span class="spacer" />
        {mayCapture.value && (
          <Button kind="primary" icon="upload" aria-label={t().nav.upload} onClick={chooseFiles}><span class="upload-label">{t().nav.upload}</span></Button>
        )}
        <span class="help"><IconButton icon="keyboard" label={t().nav.help} onClick={() => setDialog("help")} /></span>
        <Bell />
        <AccountMenu />
      </header>
      <main id="main" class={`main ${path === "/" ? "" : "scrolls"}`} tabIndex={-1}>{children}</main>
      {!connected.value && <div class="offline" role="status">{t().errors.offline}</div>}
      {mayCapture.value && <DropOverlay />}
      <div class="visually-hidden" role="status">{uploadNews.value}</div>
      {uploadKeys.value.length + notSent.value > 0 && <UploadTray />}
      <Toasts />
      {dialog === "help" && <HelpDialog onClose={() => setDialog(null)} />}
      {dialog === "commands" && <CommandMenu onClose={() => setDialog(null)} />}
      {asksToSignOut.value && (
        <ConfirmDialog title={t().nav.signOut} confirm={t().nav.signOut} onClose={() => { asksToSignOut.value = false; }} onConfirm={signOutNow}>
          {t().nav.signOutUnsaved}
        </ConfirmDialog>
      )}
    </div>
  );
}

const titlePatience = 20_000; // milliseconds

/** A change of screen moves the focus to the new screen's title; the first screen leaves it where it is. */
function useFocusOnTitle(path: string): void {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    let frame = 0;
    const held = document.activeElement; // what led here
    const begun = performance.now();
    const look = () => {
      const title = document.querySelector<HTMLElement>("main h1");
      if (title) takeTitle(title, held);
      else if (performance.now() - begun < titlePatience) frame = requestAnimationFrame(look); // the screen is still being loaded
    };
    frame = requestAnimationFrame(look);
    return () => cancelAnimationFrame(frame);
  }, [path]);
}

/** Not from what a person has turned to since, should the screen have come late. */
function takeTitle(title: HTMLElement, held: Element | null): void {
  const active = document.activeElement;
  const isTaken = active instanceof HTMLInputElement || (active !== held && active?.closest("main")) || document.querySelector("dialog[open], [role=menu]");
  if (!title.hasAttribute("tabindex")) title.tabIndex = -1;
  if (!isTaken) title.focus();
}

const mostOnTelephone = 4; // links that a narrow window has room for; the others are in a menu there

function Rail({ path }: { path: string }) {
  const all = places();
  const further = all.length > mostOnTelephone + 1 ? all.slice(mostOnTelephone) : [];
  const isCurrent = (place: Place) => (place.path === "/" ? path === "/" : path.startsWith(place.path));
  return (
    <nav class="rail" aria-label={t().nav.label}>
      <a class="brand" href="/" aria-label="Muniment"><Logo size={36} /></a>
      <ul>
        {all.map((place) => (
          <li key={place.path} class={further.includes(place) ? "further" : undefined}>
            <a class="rail-link" href={place.path === "/" && path !== "/" ? lastList.value : place.path} aria-current={isCurrent(place) ? "page" : undefined}>
              <Icon name={place.icon} size={22} />
              <span>{place.label}</span>
              <Count of={place.count} />
            </a>
          </li>
        ))}
        {further.length > 0 && (
          <li class="more">
            <Menu label={t().common.more} class={`rail-link ${further.some(isCurrent) ? "current" : ""}`}
              trigger={<><Icon name="more" size={22} /><span aria-hidden="true">{t().common.more}</span><Count of={further.reduce((sum, { count = 0 }) => sum + count, 0)} /></>}>
              {(close) => further.map((place) => (
                <MenuItem key={place.path} icon={place.icon} href={place.path} onSelect={close}>{place.label} {place.count ? formatNumber(place.count) : ""}</MenuItem>
              ))}
            </Menu>
          </li>
        )}
      </ul>
    </nav>
  );
}

function Count({ of: count }: { of: number | undefined }) {
  return count ? <span class="rail-count">{formatNumber(count)}</span> : null;
}

function initials(name: string): string {
  const parts = name.trim().split(/\s+/);
  return ((parts[0]?.[0] ?? "") + (parts.length > 1 ? parts.at(-1)?.[0] ?? "" : "")).toUpperCase();
}

function AccountMenu() {
  const text = t().nav;
  const name = session.value?.account.display_name || session.value?.account.name || "";
  const choose = (code: string) => void chooseLanguage(code).catch((error: unknown) => showToast(explain(error)));
  const themes: [Theme, string][] = [["system", text.themeSystem], ["light", text.themeLight], ["dark", text.themeDark], ["contrast", text.themeContrast]];
  return (
    <Menu label={text.account} class="avatar" trigger={<span aria-hidden="true">{initials(name)}</span>} title={name}>
      {(close) => (
        <>
          <div class="heading" role="presentation">{name}</div>
          <MenuItem icon="user" href="/you" onSelect={close}>{text.you}</MenuItem>
          {mayShare.value && <MenuItem icon="link" href="/shared" onSelect={close}>{text.shared}</MenuItem>}
          <hr />
          <div class="heading" role="presentation">{text.theme}</div>
          {themes.map(([value, label]) => (
            <MenuItem key={value} icon="sun" checked={theme.value === value} onSelect={() => { theme.value = value; close(); }}>{label}</MenuItem>
          ))}
          <hr />
          <div class="heading" role="presentation">{text.language}</div>
          {Object.entries(languages).map(([code, { name: label }]) => (
            <MenuItem key={code} icon="globe" checked={language.value === code} onSelect={() => { choose(code); close(); }}>{label}</MenuItem>
          ))}
          <hr />
          <MenuItem icon="signOut" onSelect={() => { close(); wishToSignOut(); }}>{text.signOut}</MenuItem>
        </>
      )}
    </Menu>
  );
}
