// The links that one has made; whoever manages access sees everybody's.
import { fetchAllShareLinks } from "../api/share_links";
import { EmptyState } from "../components/controls";
import { AsCsv } from "../components/download";
import { Content, Screen } from "../components/screen";
import { useLoaded } from "../components/use_loaded";
import { tLater } from "../i18n";
import { LinkList } from "./panel/share_links";

export function SharedScreen() {
  const links = useLoaded(fetchAllShareLinks);
  const text = tLater().sharing;
  return (
    <Screen title={text.title} lead={text.lead} actions={<AsCsv path="/share-links" />}>
      <Content of={links}>
        {(all) => all.length === 0 ? <EmptyState icon="link" title={text.none}>{text.noneHelp}</EmptyState> : <LinkList links={all} onChanged={links.reload} titled />}
      </Content>
    </Screen>
  );
}
