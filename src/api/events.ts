import type { FastifyInstance, FastifyRequest } from "fastify"
import { type Admitted, admit } from "../core/door.ts"
import { Refusal } from "../core/refusals.ts"
import { record } from "../engine/record.ts"
import { note } from "../store/audit.ts"
import type { EventsAnswer, RejectedLine } from "./contract.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const eventsMax = 5_000

/** POST /api/v1/order-events: durable when it answers, an answer for every line (DESIGN §3). */
export default async function events(app: FastifyInstance, world: World): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      ["application/json", "application/x-ndjson"],
      { parseAs: "string" },
      (_request, body, done) => done(null, body),
    )
    scope.post(
      "/api/v1/order-events",
      { schema: { hide: false, tags: ["orders"], summary: "Tell what happened to orders" } },
      (request) => takeIn(world, request),
    )
  })
}

async function takeIn(world: World, request: FastifyRequest): Promise<EventsAnswer> {
  const who = await require(world, request, "act", "events")
  const source = who.key ? who.key.source : `person:${who.person.id}`
  const rejected: RejectedLine[] = []
  const book = await world.ruleBook(world.db.pool)
  const teller = {
    source,
    mayAgree: who.key?.role !== "integration",
    hasPolicy: (version: number) => book.versions.has(version),
  }
  const admitted: { line: number; admitted: Admitted }[] = []
  for (const { line, told } of linesOf(request, rejected)) {
    const read = admit(told, teller)
    if ("refused" in read) rejected.push({ line, ...read.refused })
    else admitted.push({ line, admitted: read.admitted })
  }
  const answer: EventsAnswer = { accepted: 0, duplicates: 0, corrected: 0, rejected }
  if (admitted.length > 0) {
    const digest = world.secrets.digest(request.body as string).toString("hex")
    const recorded = await record(
      world,
      admitted.map((each) => each.admitted),
      {
        also: (tx, at) =>
          note(
            tx,
            {
              who: who.name,
              what: "order-events",
              subject: source,
              after: { events: admitted.length, digest },
            },
            at,
          ),
      },
    )
    recorded.answers.forEach((verdict, i) => {
      if (verdict === "accepted" || verdict === "superseded") answer.accepted += 1
      else if (verdict === "duplicate") answer.duplicates += 1
      else if (verdict === "corrected") answer.corrected += 1
      else
        rejected.push({
          line: admitted[i]!.line,
          code: "conflict",
          field: "eventId",
          message: "this eventId was told with other content; a correction needs a later observedAt",
        })
    })
  }
  rejected.sort((one, other) => one.line - other.line)
  return answer
}

function linesOf(request: FastifyRequest, rejected: RejectedLine[]): { line: number; told: unknown }[] {
  const text = request.body as string
  if (!request.headers["content-type"]?.startsWith("application/x-ndjson")) {
    const body = parse(text)
    if (!Array.isArray(body?.value)) throw new Refusal("bad_body")
    if (body.value.length > eventsMax) throw new Refusal("body_too_large")
    return body.value.map((told: unknown, i: number) => ({ line: i + 1, told }))
  }
  const lines: { line: number; told: unknown }[] = []
  const all = text.split("\n")
  for (const [i, each] of all.entries()) {
    if (each.trim() === "") continue
    const read = parse(each)
    if (read === null) rejected.push({ line: i + 1, code: "bad_json", message: "this line is no JSON" })
    else lines.push({ line: i + 1, told: read.value })
    if (lines.length + rejected.length > eventsMax) throw new Refusal("body_too_large")
  }
  return lines
}

function parse(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return null
  }
}
