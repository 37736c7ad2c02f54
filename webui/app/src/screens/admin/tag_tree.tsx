// The tags as a tree, level by level as it is opened. Alt with the arrows moves the tag that has the focus: to the right
// under the one before it, to the left beside the one above it.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { explain } from "../../api/client";
import type { UsedTag, UsedTagPage } from "../../api/types";
import { listTagsBelow, moveTag } from "../../api/vocabularies";
import { EmptyState, IconButton } from "../../components/controls";
import { MoreButton } from "../../components/more_parts";
import { t, tLater } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { showToast } from "../../state/toasts";

interface Tree {
  open: ReadonlySet<number>;
  onToggle: (id: number) => void;
  onMove: (tag: UsedTag, parent: UsedTag | null) => void;
  isWanted: (id: number) => boolean; // to have the focus, once it is shown
  actions: (tag: UsedTag) => ComponentChildren;
}

/** `changes` rises when the tags may be others. */
export function TagTree({ changes, actions, onMoved }: { changes: number; actions: (tag: UsedTag) => ComponentChildren; onMoved: () => void }) {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const wanted = useRef(0);
  const text = tLater().vocabularies;
  const move = async (tag: UsedTag, parent: UsedTag | null) => {
    try {
      await moveTag(tag.id, parent?.id ?? null);
      showToast(parent ? text.movedUnder(tag.name, parent.name) : text.movedUp(tag.name), () => moveTag(tag.id, tag.parent).finally(onMoved));
      if (parent) setOpen(new Set([...open, parent.id]));
      wanted.current = tag.id;
    } catch (error) {
      showToast(explain(error));
    }
    onMoved();
  };
  const toggle = (id: number) => setOpen(new Set(open.has(id) ? [...open].filter((other) => other !== id) : [...open, id]));
  const isWanted = (id: number) => {
    const found = wanted.current === id;
    if (found) wanted.current = 0;
    return found;
  };
  return (
    <>
      <p class="muted small">{text.treeHelp}</p>
      <Level key={changes} above={[]} tree={{ open, onToggle: toggle, onMove: (tag, parent) => void move(tag, parent), isWanted, actions }} />
    </>
  );
}

function Level({ above, tree }: { above: readonly UsedTag[]; tree: Tree }) {
  const [page, setPage] = useState<UsedTagPage | null>(null);
  const parent = above.at(-1) ?? null;
  const load = async (cursor?: string) => {
    try {
      const more = await listTagsBelow(parent?.id ?? 0, cursor);
      setPage((present) => (cursor && present ? { ...more, items: [...present.items, ...more.items] } : more));
    } catch (error) {
      showToast(explain(error));
    }
  };
  useEffect(() => { void load(); }, []);
  if (!page) return null;
  const next = page.next;
  if (page.items.length === 0 && !parent) return <EmptyState icon="edit" title={tLater().vocabularies.nothingYet}>{tLater().vocabularies.nothingHelp}</EmptyState>;
  return (
    <>
      <ul class="tag-tree">
        {page.items.map((tag, at) => <Branch key={tag.id} tag={tag} above={above} before={page.items[at - 1] ?? null} tree={tree} />)}
      </ul>
      {next && <MoreButton compact onMore={() => load(next)}>{t().search.loadMore}</MoreButton>}
    </>
  );
}

function Branch({ tag, above, before, tree }: { tag: UsedTag; above: readonly UsedTag[]; before: UsedTag | null; tree: Tree }) {
  const text = tLater().vocabularies;
  const isOpen = tree.open.has(tag.id);
  const row = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => { if (tree.isWanted(tag.id)) row.current?.focus(); }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey && event.key === "ArrowRight" && before) {
      event.preventDefault();
      tree.onMove(tag, before);
    } else if (event.altKey && event.key === "ArrowLeft" && above.length > 0) {
      event.preventDefault();
      tree.onMove(tag, above.at(-2) ?? null);
    } else if (!event.altKey && (event.key === "ArrowRight" || event.key === "ArrowLeft") && tag.has_children && isOpen !== (event.key === "ArrowRight")) {
      event.preventDefault();
      tree.onToggle(tag.id);
    }
  };
  return (
    <li>
      <div class="tag-row">
        {tag.has_children
          ? <IconButton small icon={isOpen ? "down" : "right"} label={isOpen ? text.fold(tag.name) : text.unfold(tag.name)} aria-expanded={isOpen} onClick={() => tree.onToggle(tag.id)} />
          : <span class="tag-leaf" />}
        <button type="button" ref={row} class="link-button" onKeyDown={onKeyDown} onClick={() => { if (tag.has_children) tree.onToggle(tag.id); }}>{tag.name}</button>
        <span class="muted small">{formatNumber(tag.documents)}</span>
        <span class="spacer" />
        {tree.actions(tag)}
      </div>
      {isOpen && tag.has_children && <Level above={[...above, tag]} tree={tree} />}
    </li>
  );
}
