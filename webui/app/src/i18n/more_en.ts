// What the parts of the page say that are loaded when they are first shown, in English. Others have the same shape.
import { activity } from "./activity_en";
import { admin } from "./admin_en";
import { auditWords } from "./audit_actions_en";
import { audit } from "./audit_en";
import { bulk } from "./bulk_en";
import { fields } from "./fields_en";
import { filing } from "./filing_en";
import { finding } from "./finding_en";
import { commands, help } from "./help_en";
import { history } from "./history_en";
import { imports } from "./imports_en";
import { inbox } from "./inbox_en";
import { levels } from "./levels_en";
import { lists } from "./lists_en";
import { mail, mailListener } from "./mail_en";
import { notifications } from "./notifications_en";
import { organiser } from "./organiser_en";
import { paper } from "./paper_en";
import { photos } from "./photos_en";
import { places } from "./places_en";
import { plan } from "./plan_en";
import { printing } from "./printing_en";
import { privacy } from "./privacy_en";
import { quarantine } from "./quarantine_en";
import { records } from "./records_en";
import { relations } from "./relations_en";
import { restored } from "./restored_en";
import { retention } from "./retention_en";
import { roles } from "./roles_en";
import { scan } from "./scan_en";
import { setup } from "./setup_en";
import { secondFactor, sharing } from "./sharing_en";
import { publicTitle } from "./public_title_en";
import { sight } from "./sight_en";
import { barcodes, sources } from "./sources_en";
import { standings } from "./standings_en";
import { tombstones } from "./tombstones_en";
import { upkeep } from "./upkeep_en";
import { uploads } from "./uploads_en";
import { versions } from "./versions_en";
import { vocabularies } from "./vocabularies_en";
import { workflows } from "./workflows_en";
import { writing } from "./writing_en";
import { you } from "./you_en";

export const more = {
  activity,
  admin,
  audit,
  auditWords,
  barcodes,
  bulk,
  commands,
  fields,
  filing,
  finding,
  help,
  history,
  imports,
  inbox,
  levels,
  lists,
  mail,
  mailListener,
  notifications,
  organiser,
  paper,
  photos,
  places,
  plan,
  printing,
  privacy,
  quarantine,
  records,
  relations,
  restored,
  retention,
  roles,
  scan,
  secondFactor,
  setup,
  sharing,
  publicTitle,
  sight,
  sources,
  standings,
  tombstones,
  upkeep,
  uploads,
  versions,
  vocabularies,
  workflows,
  writing,
  you,
};

export type MoreMessages = typeof more;
