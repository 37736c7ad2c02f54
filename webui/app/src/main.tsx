import { effect } from "@preact/signals";
import { render } from "preact";
import "./styles/index.css";
import { explain } from "./api/client";
import { App } from "./app";
import { Button, EmptyState } from "./components/controls";
import { t } from "./i18n";
import { startKeys } from "./keys";
import { startRouter } from "./router";
import { startCounts } from "./state/counts";
import { forgetOwnerless } from "./state/own_key";
import { startPreferences } from "./state/preferences";
import { session, sessionState, startSession } from "./state/session";
import { startGuarding } from "./state/unsaved";
import { startUploads } from "./state/uploads";

const root = document.getElementById("app");

async function start(target: HTMLElement): Promise<void> {
  forgetOwnerless();
  await startPreferences();
  startRouter();
  startKeys();
  startGuarding();
  try {
    await startSession();
  } catch (error) {
    render(
      <EmptyState icon="quarantine" danger title={t().errors.title} actions={<Button icon="retry" onClick={() => window.location.reload()}>{t().common.retry}</Button>}>
        {explain(error)}
      </EmptyState>,
      target,
    );
    return;
  }
  const stop = effect(() => {
    if (sessionState.value !== "signed-in" || session.value?.scan_station) return;
    startUploads();
    startCounts();
    queueMicrotask(() => stop());
  });
  render(<App />, target);
  void import("./after_drawing").then(({ followPage }) => followPage(), () => undefined); // the page can be used without
}

if (root) void start(root);
