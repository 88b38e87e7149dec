import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod"
import { Refusal, type RefusalCode, refusals } from "../core/refusals.ts"
import { NoTable } from "../files/table.ts"
import { isHiccup } from "../store/database.ts"
import type { Problem } from "./contract.ts"

/** The HTTP status of every expected "no". */
export const statusOf: Record<RefusalCode, number> = {
  not_signed_in: 401,
  forbidden: 403,
  not_found: 404,
  bad_request: 400,
  bad_body: 400,
  body_too_large: 413,
  unsupported_type: 415,
  bad_cursor: 400,
  bad_instant: 400,
  span_too_large: 422,
  link_invalid: 410,
  already_set_up: 409,
  email_taken: 409,
  weak_password: 422,
  too_many_requests: 429,
  stale_version: 409,
  illegal_move: 409,
  not_your_case: 403,
  fact_needed: 409,
  nobody_there: 409,
  not_theirs_now: 409,
  unknown_department: 422,
  unknown_person: 422,
  unknown_cause: 422,
  eta_in_past: 422,
  text_needed: 422,
  file_too_large: 413,
  file_type: 415,
  help_settled: 409,
  whom_to_ask: 422,
  gaps_needed: 422,
  report_incomplete: 422,
  not_undoable: 409,
  already_unwatched: 409,
  no_receiver: 404,
  receiver_erased: 410,
  too_many_reveals: 429,
  phone_not_whole: 422,
  reason_needed: 422,
  import_not_newest: 409,
  import_busy: 409,
  import_running: 409,
  import_ended: 409,
  import_undone: 409,
  upload_gone: 410,
  empty_file: 422,
  old_excel: 422,
  not_a_table: 422,
  too_many_rows: 422,
  file_cut_off: 422,
  file_broken: 422,
  unknown_format: 422,
  other_platform: 422,
  columns_missing: 422,
  stock_columns: 422,
  shop_needed: 422,
  last_owner: 409,
  department_in_use: 409,
  name_taken: 409,
  shift_overlaps: 409,
  bad_shift: 422,
  shop_heard: 409,
  warning_taken: 409,
  robot_address: 422,
  robot_has_no_secret: 422,
  mail_needs_server: 422,
  gateway_address: 422,
  gateway_secret: 422,
  gateway_needed: 422,
  not_dead: 409,
  report_not_submitted: 409,
  backup_running: 409,
  backup_gone: 410,
  bad_folder: 422,
  starts_in_past: 422,
  before_planned: 409,
  nothing_changed: 422,
  not_ready: 503,
}

/** A problem document (RFC 9457) of an expected "no". */
export function problemOf(code: RefusalCode, more: Partial<Problem> = {}): Problem {
  return { type: `urn:zhunshi:problem:${code}`, title: refusals[code], status: statusOf[code], code, ...more }
}

/** Answers with a problem document. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.status(problem.status).type("application/problem+json").send(problem)
}

/** Turns whatever a route throws into a problem document; what nobody expected is logged and told as 500. */
export function handleProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: Error & { statusCode?: number; code?: string }, request, reply) =>
    sendProblem(reply, problemFrom(error, request)),
  )
}

function problemFrom(
  error: Error & { statusCode?: number; code?: string },
  request: FastifyRequest,
): Problem {
  if (error instanceof Refusal)
    return problemOf(error.code, {
      ...(error.detail === undefined ? {} : { detail: error.detail }),
      ...(error.errors === undefined ? {} : { errors: [...error.errors] }),
    })
  if (error instanceof NoTable) return problemOf(error.code, { detail: error.message })
  if (hasZodFastifySchemaValidationErrors(error))
    return problemOf("bad_request", {
      errors: error.validation.map((each) => ({
        field: each.instancePath.replace(/^\//, "").replaceAll("/", ".") || (error.validationContext ?? ""),
        message: each.message ?? "is not valid",
      })),
    })
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE" || error.code === "FST_REQ_FILE_TOO_LARGE")
    return problemOf("body_too_large")
  if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return problemOf("unsupported_type")
  if (isBrokenForm(error, request))
    return problemOf("bad_request", {
      detail: "The form with the file is cut off or names no boundary; send it again.",
    })
  if (error.statusCode === 429) return problemOf("too_many_requests")
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return problemOf("bad_request", { detail: error.message })
  if (isHiccup(error)) return problemOf("not_ready")
  request.log.error({ err: error }, "a route failed")
  return {
    type: "urn:zhunshi:problem:internal",
    title: "Something went wrong here; it has been logged.",
    status: 500,
    code: "internal",
  }
}

/** Whether a form could not be read: its reader throws plain errors of what it was sent. */
const isBrokenForm = ({ message }: Error, { headers }: FastifyRequest): boolean =>
  /^multipart\//i.test(headers["content-type"] ?? "") &&
  /boundary not found|unexpected end of multipart data/i.test(message)
