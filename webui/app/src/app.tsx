// Which screen stands for which address.
import type { ComponentChild } from "preact";
import { Button, EmptyState, Loading } from "./components/controls";
import { later } from "./components/later";
import { Shell } from "./components/shell";
import { t } from "./i18n";
import { navigate, path } from "./router";
import { SearchScreen } from "./screens/search/search";
import { SignInAgain, SignInScreen, Welcome } from "./screens/sign_in";
import { session, sessionEnded, sessionState } from "./state/session";

const ActivityScreen = later(async () => (await import("./screens/activity")).ActivityScreen);
const AdminScreen = later(async () => (await import("./screens/admin/admin")).AdminScreen);
const CompareScreen = later(async () => (await import("./screens/compare")).CompareScreen);
const InboxScreen = later(async () => (await import("./screens/inbox/inbox")).InboxScreen);
const OrganiserScreen = later(async () => (await import("./screens/organiser")).OrganiserScreen);
const QuarantineScreen = later(async () => (await import("./screens/quarantine")).QuarantineScreen);
const RecordsScreen = later(async () => (await import("./screens/records/records")).RecordsScreen);
const SecondFactorScreen = later(async () => (await import("./screens/you/second_factor")).SecondFactorScreen);
const SharedScreen = later(async () => (await import("./screens/shared")).SharedScreen);
const NotificationsScreen = later(async () => (await import("./screens/notifications")).NotificationsScreen);
const ScanScreen = later(async () => (await import("./screens/scan/scan")).ScanScreen);
const ScanStation = later(async () => (await import("./screens/scan/station")).ScanStation);
const SetupScreen = later(async () => (await import("./screens/setup")).SetupScreen);
const TrashScreen = later(async () => (await import("./screens/trash")).TrashScreen);
const YouScreen = later(async () => (await import("./screens/you/you")).YouScreen);

export function App() {
  switch (sessionState.value) {
    case "unknown": return <Loading />;
    case "setup": return <SetupScreen />;
    case "signed-out": return sessionEnded.value ? <Archive /> : <SignInScreen />;
    case "signed-in":
      if (session.value?.scan_station) return <ScanStation />;
      return session.value?.second_factor_required ? <Welcome><SecondFactorScreen /></Welcome> : <Archive />;
  }
}

/** Where a session has ended by itself, what was written and is not saved stays behind the form to sign in again. */
function Archive() {
  return (
    <>
      <Shell>{screen(path.value)}</Shell>
      {sessionState.value === "signed-out" && <SignInAgain />}
    </>
  );
}

function screen(address: string): ComponentChild {
  if (address === "/") return <SearchScreen />;
  if (address === "/inbox") return <InboxScreen />;
  if (address === "/activity") return <ActivityScreen />;
  if (address === "/quarantine") return <QuarantineScreen />;
  if (address === "/trash") return <TrashScreen />;
  if (address === "/organise") return <OrganiserScreen />;
  if (address === "/compare") return <CompareScreen />;
  if (address === "/scan") return <ScanScreen />;
  if (address === "/notifications") return <NotificationsScreen />;
  if (address === "/shared") return <SharedScreen />;
  if (address === "/you") return <YouScreen />;
  if (address === "/records" || address.startsWith("/records/")) return <RecordsScreen />;
  if (address === "/admin" || address.startsWith("/admin/")) return <AdminScreen />;
  return (
    <div class="page">
      <h1 class="visually-hidden">{t().errors.notFoundTitle}</h1>
      <EmptyState icon="search" title={t().errors.notFoundTitle} actions={<Button kind="primary" onClick={() => navigate("/")}>{t().errors.home}</Button>}>
        {t().errors.notFoundHelp}
      </EmptyState>
    </div>
  );
}
