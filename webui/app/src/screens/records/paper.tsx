// Paper files: their places, loans, inventories, and the paper that is to be destroyed.
import { TabLinks } from "../../components/tab_links";
import { tLater } from "../../i18n";
import { mayLend, mayManagePaper } from "../../state/session";
import { InventoryPage } from "./inventory";
import { Inventories } from "./inventories";
import { Loans } from "./loans";
import { PaperEnd } from "./paper_end";
import { Places } from "./places";

type Part = "places" | "loans" | "inventory" | "destroy";

export function Paper({ part, id }: { part: string; id: number }) {
  const parts: Part[] = ["places", ...(mayLend.value ? (["loans"] as const) : []), ...(mayManagePaper.value ? (["inventory", "destroy"] as const) : [])];
  const open = parts.find((candidate) => candidate === part) ?? "places";
  const text = tLater().paper;
  return (
    <>
      {parts.length > 1 && (
        <TabLinks label={tLater().records.tabs.paper}
          tabs={parts.map((each) => ({ href: `/records/paper/${each}`, label: text.parts[each], current: each === open }))} />
      )}
      {open === "places" && <Places chosen={id} />}
      {open === "loans" && <Loans />}
      {open === "inventory" && (id ? <InventoryPage key={id} id={id} /> : <Inventories />)}
      {open === "destroy" && <PaperEnd />}
    </>
  );
}
