import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./browser_globals";
import { answering } from "./answers";
import { onServerEvent } from "../src/api/events";
import { forgetOwnerless } from "../src/state/own_key";
import { recentSearches, rememberSearch } from "../src/state/search";
import { adoptSession, session, sessionEnded, sessionState, signOut, startSession } from "../src/state/session";
import { guard } from "../src/state/unsaved";
import type { Session } from "../src/api/types";

const opened = (id: number) => ({ account: { id, language: "" }, permissions: [], last_event: null, csrf_token: "" }) as unknown as Session;

let visited: string[] = [];

beforeEach(async () => {
  visited = [];
  window.location.replace = (address: string | URL) => { visited.push(String(address)); };
  window.location.reload = () => { visited.push("again"); };
  session.value = null;
  answering(() => opened(1));
  await startSession();
});

test("whoever signs out leaves nothing of the archive in the page", async () => {
  answering(() => undefined);
  await signOut();
  assert.deepEqual(visited, ["/"]);
  assert.equal(sessionState.value, "unknown");
});

test("a session that has ended by itself is signed out of, too", async () => {
  answering(() => 401);
  const states: string[] = [];
  const stop = sessionState.subscribe((state) => { states.push(state); });
  await signOut();
  stop();
  assert.deepEqual(visited, ["/"]);
  assert.deepEqual(states, ["signed-in", "unknown"], "nobody is asked to sign in again");
});

test("who cannot be signed out is told so and stays", async () => {
  answering(() => 503);
  await assert.rejects(signOut());
  assert.deepEqual(visited, []);
  assert.equal(sessionState.value, "signed-in");
});

test("what was refused while nobody was signed in is asked for again", () => {
  const heard: string[] = [];
  const stop = onServerEvent(({ topic }) => heard.push(topic));
  adoptSession(opened(1));
  assert.deepEqual(heard, []);
  sessionEnded.value = true;
  sessionState.value = "signed-out";
  adoptSession(opened(1));
  assert.deepEqual(heard, ["reset"]);
  stop();
});

test("what one looked for is not shown to another", () => {
  const kept = new Map<string, string>();
  Object.assign(globalThis, { localStorage: { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) } });
  rememberSearch("salary");
  assert.deepEqual(recentSearches(), ["salary"]);
  session.value = opened(2);
  assert.deepEqual(recentSearches(), []);
});

test("what was kept without an account is forgotten, and nothing else", () => {
  const kept = new Map([["muniment.recent", "[]"], ["muniment.recent.1", "[]"], ["muniment.uploads", "[]"], ["muniment.theme", "dark"]]);
  Object.assign(globalThis, { localStorage: { removeItem: (key: string) => kept.delete(key) } });
  forgetOwnerless();
  assert.deepEqual([...kept.keys()], ["muniment.recent.1", "muniment.theme"]);
});

test("whoever signs out does so in all tabs, but what is begun there is not lost", async (context) => {
  const said: unknown[] = [];
  let hear: (message: { data: unknown }) => void = () => undefined;
  class Channel {
    set onmessage(listener: typeof hear) { hear = listener; }
    postMessage(message: unknown): void { said.push(message); }
  }
  Object.assign(globalThis, { BroadcastChannel: Channel });
  Object.assign(window, { BroadcastChannel: Channel });
  context.mock.method(globalThis, "setTimeout", () => 0);
  context.mock.method(globalThis, "setInterval", () => 0);
  adoptSession({ ...opened(1), last_event: "1" } as Session);
  answering(() => undefined);
  await signOut();
  assert.equal(said.length, 1);
  visited = [];

  let begun = true;
  guard({ unsaved: () => begun, forget: () => { begun = false; } });
  adoptSession(opened(1));
  hear({ data: said[0] });
  assert.deepEqual([visited, sessionState.value, begun], [[], "signed-out", true]);
  begun = false;
  adoptSession(opened(1));
  hear({ data: said[0] });
  assert.deepEqual(visited, ["/"]);
});
