// Vad de delar av sidan säger som laddas när de först visas, på svenska.
import type { MoreMessages } from "./more_en";
import { activity } from "./activity_sv";
import { admin } from "./admin_sv";
import { auditWords } from "./audit_actions_sv";
import { audit } from "./audit_sv";
import { bulk } from "./bulk_sv";
import { fields } from "./fields_sv";
import { filing } from "./filing_sv";
import { finding } from "./finding_sv";
import { commands, help } from "./help_sv";
import { history } from "./history_sv";
import { imports } from "./imports_sv";
import { inbox } from "./inbox_sv";
import { levels } from "./levels_sv";
import { lists } from "./lists_sv";
import { mail, mailListener } from "./mail_sv";
import { notifications } from "./notifications_sv";
import { organiser } from "./organiser_sv";
import { paper } from "./paper_sv";
import { photos } from "./photos_sv";
import { places } from "./places_sv";
import { plan } from "./plan_sv";
import { printing } from "./printing_sv";
import { privacy } from "./privacy_sv";
import { quarantine } from "./quarantine_sv";
import { records } from "./records_sv";
import { relations } from "./relations_sv";
import { restored } from "./restored_sv";
import { retention } from "./retention_sv";
import { roles } from "./roles_sv";
import { scan } from "./scan_sv";
import { setup } from "./setup_sv";
import { secondFactor, sharing } from "./sharing_sv";
import { publicTitle } from "./public_title_sv";
import { sight } from "./sight_sv";
import { barcodes, sources } from "./sources_sv";
import { standings } from "./standings_sv";
import { tombstones } from "./tombstones_sv";
import { upkeep } from "./upkeep_sv";
import { uploads } from "./uploads_sv";
import { versions } from "./versions_sv";
import { vocabularies } from "./vocabularies_sv";
import { workflows } from "./workflows_sv";
import { writing } from "./writing_sv";
import { you } from "./you_sv";

export const more: MoreMessages = {
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
