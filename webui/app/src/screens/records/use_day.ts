// A day to begin with in a field, counted from what is today for the archive: not always the browser's day.
import { useState } from "preact/hooks";
import { fetchToday } from "../../api/disposition";
import { useLoaded } from "../../components/use_loaded";

export function plusDays(iso: string, days: number): string {
  const day = new Date(`${iso}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

/** The day, empty until it is known, and how a person chooses another. */
export function useDayFromToday(days: number): [string, (day: string) => void] {
  const today = useLoaded(fetchToday);
  const [chosen, choose] = useState<string | null>(null);
  return [chosen ?? (today.data ? plusDays(today.data.today, days) : ""), choose];
}
