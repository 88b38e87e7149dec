import type { Words } from "./words.ts"

/** Every expected "no": a stable code and the sentence that goes with it. How it is told over HTTP is the door's affair. */
export const refusals = {
  not_signed_in: "Sign in first, or send an API key as the header x-api-key.",
  forbidden: "Your role does not allow this; the owner of the company can grant it.",
  not_found: "There is nothing under this address.",
  bad_request: "The request is not well formed; the errors say which field and what is expected.",
  bad_body:
    "The body must be one JSON array of events (application/json) or a JSON object a line (application/x-ndjson).",
  body_too_large: "A call takes at most 5,000 events and 8 MiB; send the rest in further calls.",
  unsupported_type: "Send application/json or application/x-ndjson.",
  bad_cursor: "The cursor is not one of this list; start again without it.",
  bad_instant: "An instant needs a date, a time and an offset, such as 2026-11-24T10:00:00+08:00.",
  span_too_large:
    "More than 200,000 orders were paid in this span; ask for a shorter one, or leave out asOf.",
  link_invalid: "This link is wrong, used or expired; ask for a new one.",
  already_set_up: "The company has an owner already; sign in.",
  email_taken: "Somebody signs in with this e-mail address already.",
  weak_password: "A password needs at least 10 characters.",
  too_many_requests: "Too many requests; wait a moment and try again.",
  stale_version: "Somebody changed this meanwhile; load it again.",
  illegal_move: "This is not possible where the case stands; the detail says what is.",
  not_your_case: "This case is with somebody else; they, their head or operations can do this.",
  fact_needed:
    "The order has no fact yet that resolves this: what the overdue clock waits for, a refund, a cancellation or an accepted date.",
  not_theirs_now: "They no longer have this; somebody took it or it is done.",
  nobody_there: "This department has nobody who could take it; name a person, or give the department a head.",
  unknown_person: "There is no such person, or they do not work here any more.",
  unknown_cause: "There is no such cause in the list.",
  eta_in_past: "The date given has passed already; give one that lies ahead.",
  text_needed: "Write what was said or found.",
  file_too_large: "A file here has at most 10 MiB; make it smaller, or send it in parts.",
  file_type:
    "Only images (PNG, JPEG, WebP, GIF) and PDF can be attached; what it is says its content, not its name.",
  help_settled: "This request for help was answered or withdrawn already.",
  whom_to_ask: "Name the department or the person to ask; nobody asks themselves.",
  gaps_needed: "Name what is missing in the report.",
  report_incomplete: "The report is not complete; the detail names what is missing.",
  not_undoable: "This can no longer be undone: something happened since, or it has left the house.",
  already_unwatched: "This order is not watched already.",
  no_receiver: "Nothing was told of whom this order is sent to.",
  receiver_erased: "The receiver of this order has been erased; nobody can open it any more.",
  too_many_reveals:
    "You have opened the receivers of as many orders as one person may within an hour; wait, or ask a colleague.",
  phone_not_whole: "Give the whole phone number; the end of one finds nobody here.",
  reason_needed: "Say why; the reason stands in the audit trail.",
  import_not_newest: "A newer import of this shop stands; undo that one first.",
  import_busy: "Another import of this channel is under way; wait until it has ended.",
  import_running: "This import is still running; wait until it has ended.",
  import_ended: "This import was ended meanwhile, since nobody seemed to carry it out; bring the file again.",
  import_undone: "This import was undone already.",
  upload_gone: "The uploaded file is no longer here; drop it again.",
  empty_file: "This file is empty; export it again.",
  old_excel: "This is an old Excel file (.xls); save it as .xlsx or CSV.",
  not_a_table: "This file is no table; export it as CSV or XLSX.",
  too_many_rows: "This file has more than 200,000 rows; the detail says what to do.",
  file_cut_off: "The end of this file is missing; export it again, or load it down again whole.",
  file_broken: "This file cannot be read to its end; export it again, or save it as CSV.",
  unknown_format: "The platform of this file was not recognised; choose it, or map the columns by hand.",
  other_platform: "This is no export of that platform; choose another, or map the columns by hand.",
  columns_missing: "Columns that are needed are not in the file; the detail names them.",
  stock_columns: "A stock file needs a column for the SKU and one for the quantity.",
  shop_needed: "The channel has several shops; say which one this file is of.",
  last_owner: "The company needs an owner who stays; make another one first.",
  unknown_department: "There is no such department, or it is closed.",
  department_in_use: "Somebody is still in this department, or another one stands under it.",
  name_taken: "Another one has this name already.",
  shift_overlaps: "Somebody would be on two shifts at once.",
  bad_shift: "A shift lasts from one minute to 24 hours, of somebody who works here.",
  shop_heard: "Orders of this shop are here already; its settings can be changed, not taken away.",
  warning_taken: "Somebody took this already.",
  robot_address: "This is no address of a robot of that platform.",
  robot_has_no_secret: "This kind of robot has no signing secret.",
  mail_needs_server: "Name the company's mail server first.",
  gateway_address:
    "Messages to customers may not be posted there; the server's ZHUNSHI_ALERT_HOSTS names the hosts that may.",
  gateway_secret: "Name a secret with which messages to the gateway are signed.",
  gateway_needed: "Name the company's message gateway first.",
  not_dead: "This message is not waiting for a retry.",
  report_not_submitted: "No report is waiting here; it has to be handed in first.",
  backup_running: "A backup is being made already; wait until it has ended.",
  backup_gone: "The file of this backup is not on this machine; take another one.",
  bad_folder: "Zhunshi cannot write into this folder; name one by its whole path that it may write into.",
  starts_in_past: "A version of the policy holds from now on or later; choose an instant that lies ahead.",
  before_planned:
    "A later version is planned already; this one can begin with it or after it. The detail says when.",
  nothing_changed: "Nothing differs from the version that is there; change something first.",
  not_ready: "The database does not answer; try again in a moment.",
} as const

/** The code of an expected "no". */
export type RefusalCode = keyof typeof refusals

/** What is wrong with a field, and where people read it the sentence in every language. */
export type Flaw = { field: string; message: string; says?: Words }

/** An expected "no" on its way to the door; acts throw it to leave their transaction. */
export class Refusal extends Error {
  override readonly name = "Refusal"
  readonly code: RefusalCode
  readonly detail: string | undefined
  /** what exactly is wrong, field by field */
  readonly errors: readonly Flaw[] | undefined

  constructor(code: RefusalCode, detail?: string, errors?: readonly Flaw[]) {
    super(refusals[code])
    this.code = code
    this.detail = detail
    this.errors = errors
  }
}
