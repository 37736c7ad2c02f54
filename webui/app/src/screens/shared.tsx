// The links that one has made; whoever manages access sees everybody's.
import { shareLinksFrom } from "../api/share_links";
import { EmptyState } from "../components/controls";
import { AsCsv } from "../components/download";
import { MoreParts } from "../components/more_parts";
import { Screen } from "../components/screen";
import { useParts } from "../components/use_parts";
import { tLater } from "../i18n";
import { LinkList } from "./panel/share_links";

export function SharedScreen() {
  const links = useParts(shareLinksFrom, "");
  const text = tLater().sharing;
  return (
    <Screen title={text.title} lead={text.lead} actions={<AsCsv path="/share-links" />}>
      <MoreParts of={links}>
        {(all) => all.length === 0 ? <EmptyState icon="link" title={text.none}>{text.noneHelp}</EmptyState> : <LinkList links={all} onChanged={links.reload} titled />}
      </MoreParts>
    </Screen>
  );
}
