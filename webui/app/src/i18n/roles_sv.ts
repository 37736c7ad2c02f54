import type { roles as english } from "./roles_en";

const none = "Inget annat än att söka och läsa";

export const roles: typeof english = {
  tab: "Roller",
  help: "En roll säger vad en person alls får göra; en åtkomstlista med vilka dokument. De fyra första är som de är. Du kan sätta samman andra av behörigheter som du själv har.",
  compose: "Sätt samman en roll",
  description: "För vem och till vad",
  may: "Får",
  reading: "Varje roll får söka och läsa vad åtkomstlistorna tillåter.",
  allows: (names) => (names.length < 2 ? none : `Får ${names.join(", ")}`),
  accounts: (n) => (n === 1 ? "1 konto har den" : `${n} konton har den`),
  permissions: {
    read_documents: "söka och läsa",
    add_documents: "ta in dokument",
    change_documents: "ändra dokument",
    share_documents: "dela dokument med en länk",
    manage_file_plan: "ändra klassificeringsschemat",
    declare_records: "arkivera handlingar",
    manage_records: "ändra hur handlingar är klassade och bevaras",
    manage_schedules: "ändra gallringsregler",
    handle_privacy: "svara på vad människor frågar om sig själva",
    manage_holds: "lägga och häva gallringsstopp",
    propose_disposition: "föreslå gallring",
    approve_disposition: "godkänna vad andra har föreslagit",
    transfer_records: "göra paket av handlingar och ta emot dem",
    lend_paper: "låna ut och flytta pappersakter",
    manage_paper: "sköta platser och pappersakter",
    manage_access: "ändra åtkomstlistor",
    manage_accounts: "sköta konton",
    read_audit: "läsa loggen",
    operate: "driva tjänsten",
  },
};
