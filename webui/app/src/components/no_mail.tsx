import { fetchLimits } from "../api/limits";
import { tLater } from "../i18n";
import { Banner } from "./controls";
import { useLoaded } from "./use_loaded";

/** Says so where this archive sends no mail; nothing where it does. */
export function NoMail() {
  const limits = useLoaded(fetchLimits);
  return limits.data && !limits.data.sends_mail ? <Banner kind="warn">{tLater().mail.sendsNone}</Banner> : null;
}
