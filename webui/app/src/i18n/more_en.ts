// What the parts of the page say that are loaded when they are first shown, in English. Others have the same shape.
import { audit } from "./audit_en";
import { fields } from "./fields_en";
import { filing } from "./filing_en";
import { lists } from "./lists_en";
import { mail } from "./mail_en";
import { paper } from "./paper_en";
import { privacy } from "./privacy_en";
import { records } from "./records_en";
import { relations } from "./relations_en";
import { scan } from "./scan_en";
import { vocabularies } from "./vocabularies_en";
import { workflows } from "./workflows_en";

export const more = {
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

export type MoreMessages = typeof more;
