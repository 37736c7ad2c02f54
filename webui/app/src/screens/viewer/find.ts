// Looking for words inside the open document, in place of those by which the list found it.
import { useState } from "preact/hooks";

export interface Finding {
  query: string; // what the hits are of: what is looked for here, or what the list was asked
  times: number; // how often one began; 0 while nothing is looked for here
  begin: () => void;
  find: (text: string) => void;
  end: () => void;
}

export function useFinding(listQuery: string): Finding {
  const [times, setTimes] = useState(0);
  const [text, setText] = useState("");
  const end = () => {
    setTimes(0);
    setText("");
  };
  return { query: (times > 0 && asQuery(text)) || listQuery, times, begin: () => setTimes(times + 1), find: setText, end };
}

/** Plain words are looked for as they follow each other, a single one also as the beginning of longer ones. Who writes signs
 *  of the query language has them meant so. */
export function asQuery(text: string): string {
  const words = text.trim();
  if (words === "" || /["*():]|(^|\s)-|\b(AND|OR|NOT)\b/.test(words)) return words;
  if (/\s/.test(words)) return `"${words}"`;
  return words.length > 1 ? `${words} OR ${words}*` : words;
}
