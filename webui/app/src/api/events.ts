// What happens on the server while the page is open. One event stream a browser: the tab that holds it tells the
// others. The stream is only a hint; whoever waits for a job also asks for it when the stream is silent.
import { signal } from "@preact/signals";

export interface ServerEvent {
  topic: string; // "job", "document", "mailbox", or "reset": events were missed, what is shown must be asked for again
  data: Record<string, unknown>;
}

type Listener = (event: ServerEvent) => void;

const listeners = new Set<Listener>();
const topics = ["job", "document", "mailbox"];
const refusalPause = 3000; // milliseconds
const tab = String(Math.random()).slice(2);
let channel: BroadcastChannel | null = null;
let source: EventSource | null = null;
let leaderSeen = 0;
let lastHeard = ""; // the event up to which everything has been told, or was there before any list was read
let started = false;
let signedOutElsewhere = (): void => undefined;

/** Whether news arrive; while not, the page says so. */
export const connected = signal(true);

export function onServerEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function deliver(event: ServerEvent, id: string): void {
  lastHeard = id;
  for (const listener of listeners) listener(event);
}

/** Has everything asked for again that follows the news. */
export function askAnew(): void {
  for (const listener of listeners) listener({ topic: "reset", data: {} });
}

function lead(): void {
  if (source) return;
  source = new EventSource(`/api/v1/events?after=${encodeURIComponent(lastHeard)}`);
  source.onopen = () => {
    connected.value = true;
    channel?.postMessage({ kind: "connected", value: true });
  };
  source.onerror = () => {
    connected.value = false;
    channel?.postMessage({ kind: "connected", value: false });
    if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself, unless it was refused
    stopLeading();
    setTimeout(lead, refusalPause);
  };
  const pass = (topic: string) => (message: MessageEvent<string>) => {
    const event = { topic, data: parse(message.data) };
    deliver(event, message.lastEventId);
    channel?.postMessage({ kind: "event", event, id: message.lastEventId });
  };
  for (const topic of topics) source.addEventListener(topic, pass(topic));
  source.addEventListener("reset", pass("reset"));
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function onMessage({ data }: MessageEvent<{ kind: string; tab?: string; value?: boolean; event?: ServerEvent; id?: string }>): void {
  if (data.kind === "leader" && data.tab && data.tab !== tab) {
    leaderSeen = Date.now();
    if (source && data.tab < tab) stopLeading();
  }
  if (data.kind === "event" && data.event && !source) deliver(data.event, data.id ?? lastHeard);
  if (data.kind === "connected" && !source) connected.value = data.value ?? false;
  if (data.kind === "signed out") signedOutElsewhere();
}

/** `act` is called when somebody has signed out in another tab, which ends the session of all. */
export function whenSignedOutElsewhere(act: () => void): void {
  signedOutElsewhere = act;
}

export function tellSignedOut(): void {
  channel?.postMessage({ kind: "signed out" });
}

function stopLeading(): void {
  source?.close();
  source = null;
}

/** Begins to listen for what came after the event `after`; called once somebody is signed in, before any list is read. */
export function startEvents(after: string): void {
  if (started) return;
  started = true;
  lastHeard = after;
  channel = "BroadcastChannel" in window ? new BroadcastChannel("muniment-events") : null;
  if (!channel) return lead();
  channel.onmessage = onMessage;
  const beat = () => {
    if (source) channel?.postMessage({ kind: "leader", tab });
    else if (Date.now() - leaderSeen > 4000) {
      lead();
      channel?.postMessage({ kind: "leader", tab });
    }
  };
  setTimeout(beat, 300); // time for a leader to be heard
  setInterval(beat, 1500);
}
