import type { components } from "../api/schema";

type Kind = components["schemas"]["Notification"]["kind"];

export const notifications = {
  lead: "What others do to the documents and folders that you follow, new documents in followed lists, what is shared with you, and what waits for you.",
  none: "Nothing new",
  noneHelp: "Follow a document under File, a folder in the file plan, or a saved list with its bell.",
  readAll: "Mark all as read",
  more: "Show more",
  byMail: "By mail",
  mailAddress: "Mail address",
  mailMe: "Send me notifications by mail too",
  mailHelp: "Gathered for a few minutes, with the titles of documents and links, never with what stands in them.",
  isNew: "New",
  follow: "Follow",
  unfollow: "Do not follow any more",
  disposition: "A disposition",
  kinds: {
    "new-document": "New in a folder that you follow",
    "new-version": "A new version",
    changed: "Changed",
    filed: "Filed or moved",
    shared: "Shared with you",
    declared: "Declared a record",
    "not-read": "Could not be read; see Quarantine",
    "approval-asked": "Waits for an approval",
    "in-view": "New in a list that you follow",
    "hold-asked": "Waits for you to acknowledge",
    "hold-reminded": "Still waits for you to acknowledge",
    "hold-released": "Hold released",
    "loan-overdue": "Should have been returned",
    "loan-recalled": "Wanted back",
    "paper-ready": "Ready to be fetched",
  } satisfies Record<Kind, string>,
  names: {
    title: "title", date: "date", type: "type", correspondent: "correspondent", tags: "tags", language: "language",
    class_id: "class", folder_id: "folder", access_list: "access", fields: "fields",
  },
};
