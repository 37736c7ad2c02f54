// Vad de delar av sidan säger som laddas när de först visas, på svenska.
import type { MoreMessages } from "./more_en";
import { audit } from "./audit_sv";
import { fields } from "./fields_sv";
import { filing } from "./filing_sv";
import { lists } from "./lists_sv";
import { mail } from "./mail_sv";
import { paper } from "./paper_sv";
import { privacy } from "./privacy_sv";
import { records } from "./records_sv";
import { relations } from "./relations_sv";
import { scan } from "./scan_sv";
import { vocabularies } from "./vocabularies_sv";
import { workflows } from "./workflows_sv";

export const more: MoreMessages = {
  audit,
  fields,
  filing,
  lists,
  mail,
  paper,
  privacy,
  records,
  relations,
  scan,
  vocabularies,
  workflows,
};
