// The server's things, as openapi.yaml describes them.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type AccessEntry = Schemas["AccessEntry"];
export type AccessList = Schemas["AccessList"];
export type Account = Schemas["Account"];
export type AuditCheckpoint = Schemas["AuditCheckpoint"];
export type AuditEntry = Schemas["AuditEntry"];
export type Batch = Schemas["Batch"];
export type BatchItem = Schemas["BatchItem"];
export type Certificate = Schemas["Certificate"];
export type Transfer = Schemas["Transfer"];
export type TransferReceipt = Schemas["TransferReceipt"];
export type Import = Schemas["Import"];
export type Class = Schemas["Class"];
export type Document = Schemas["Document"];
export type DocumentChange = Schemas["DocumentChange"];
export type DocumentListItem = Schemas["DocumentListItem"];
export type DocumentPage = Schemas["DocumentPage"];
export type DueRecord = Schemas["DueRecord"];
export type ErasureItem = Schemas["ErasureItem"];
export type ErasureRequest = Schemas["ErasureRequest"];
export type FacetValue = Schemas["FacetValue"];
export type Finding = Schemas["Finding"];
export type Folder = Schemas["Folder"];
export type GrowthReport = Schemas["GrowthReport"];
export type Group = Schemas["Group"];
export type Hold = Schemas["Hold"];
export type HoldItem = Schemas["HoldItem"];
export type HoldNotice = Schemas["HoldNotice"];
export type HoldTerms = Schemas["HoldTerms"];
export type Inventory = Schemas["Inventory"];
export type Job = Schemas["Job"];
export type Label = Schemas["Label"];
export type Location = Schemas["Location"];
export type Named = Schemas["Named"];
export type NewPaperFile = Schemas["NewPaperFile"];
export type Note = Schemas["Note"];
export type OwnLoans = Schemas["OwnLoans"];
export type PageText = Schemas["PageText"];
export type PageWords = Schemas["PageWords"];
export type PaperFile = Schemas["PaperFile"];
export type PaperHistory = Schemas["PaperHistory"];
export type PaperItem = Schemas["PaperItem"];
export type PaperLoan = Schemas["PaperLoan"];
export type PaperToDestroy = Schemas["PaperToDestroy"];
export type Permission = Schemas["Permission"];
export type QuarantineItem = Schemas["QuarantineItem"];
export type Record = Schemas["Record"];
export type Reservation = Schemas["Reservation"];
export type RetentionEvent = Schemas["RetentionEvent"];
export type RetentionExplanation = Schemas["RetentionExplanation"];
export type RetentionReport = Schemas["RetentionReport"];
export type Role = Schemas["Role"];
export type Schedule = Schemas["Schedule"];
export type SchedulePreview = Schemas["SchedulePreview"];
export type ScheduleTerms = Schemas["ScheduleTerms"];
export type ScheduleVersion = Schemas["ScheduleVersion"];
export type Session = Schemas["Session"];
export type Snippet = Schemas["Snippet"];
export type Status = Schemas["Status"];
export type SubjectReport = Schemas["SubjectReport"];
export type Subject = Schemas["Subject"];
export type Today = Schemas["Today"];
export type Token = Schemas["Token"];
export type Trigger = Schemas["Trigger"];
export type WeighedDocument = Schemas["WeighedDocument"];
export type YearFigures = Schemas["YearFigures"];

/** The strong ETag of a version. */
export function etagOf({ version }: { version: number }): string {
  return `"${version}"`;
}
