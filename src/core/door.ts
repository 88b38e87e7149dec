import { type EventType, eventTypes, isObject, normalise, type OrderEvent, type OrderKey } from "./events.ts"
import type { Json, JsonObject } from "./json.ts"

/** Why a line is refused: a stable code, the field at fault and a sentence that says what is expected. */
export type LineRefusal = { code: string; field?: string; message: string }
/** A well-formed event of an order. */
export type Admitted = { key: OrderKey; event: OrderEvent }

const refuse = (code: string, field: string, message: string): { refused: LineRefusal } => ({
  refused: { code, field, message },
})
/** The most bytes of an id. */
export const idBytesMax = 128
const depthMax = 12
const types = new Set<string>(eventTypes)

/** What the one who tells may do. */
export type Teller = { source: string; mayAgree: boolean; hasPolicy(version: number): boolean }

/** The door (CLOCKS §1): reads one told event, or says why it is refused. */
export function admit(told: unknown, teller: Teller): { admitted: Admitted } | { refused: LineRefusal } {
  if (typeof told !== "object" || told === null || Array.isArray(told))
    return {
      refused: {
        code: "not_an_event",
        message: "expected a JSON object with channel, shop, orderNo, type and at",
      },
    }
  const { channel, shop, orderNo, source: _, ...rest } = told as JsonObject
  const key: Partial<OrderKey> = {}
  for (const [field, value] of Object.entries({ channel, shop, orderNo })) {
    const id = idOf(value)
    if (id === null) return refuse("bad_id", field, `expected a text of 1 to ${idBytesMax} bytes`)
    key[field as keyof OrderKey] = id
  }
  if (typeof rest.type !== "string" || !types.has(rest.type))
    return refuse("unknown_type", "type", `expected one of ${eventTypes.join(", ")}`)
  if (rest.at === undefined || rest.at === null)
    return refuse(
      "bad_instant",
      "at",
      "expected an instant with an offset, such as 2026-11-24T10:00:00+08:00",
    )
  if (!isPlain(rest, 0))
    return refuse(
      "bad_text",
      "",
      `a text must not contain the character U+0000 or half a surrogate pair, and nothing lies deeper than ${depthMax}`,
    )
  const normal = normalise(rest)
  if ("badInstant" in normal)
    return refuse(
      "bad_instant",
      normal.badInstant,
      "expected an instant with an offset, such as 2026-11-24T10:00:00+08:00",
    )
  const { event } = normal
  event.source = teller.source
  const refused = idRefusal(event) ?? bodyRefusal(event) ?? typeRefusal(event, teller)
  return refused ? { refused } : { admitted: { key: key as OrderKey, event } }
}

/** An id as it is kept: trimmed, in the composed form, 1 to 128 bytes; null when it is none. */
export function idOf(value: Json | undefined): string | null {
  if (typeof value !== "string") return null
  if (usualId.test(value)) return value
  const id = value.trim().normalize("NFC")
  return id !== "" && isKeepable(id) && !id.includes("\u001f") && bytesOf(id) <= idBytesMax ? id : null
}

/** Whether a database keeps a text as it is: without U+0000 and without half a surrogate pair. */
export const isKeepable = (text: string): boolean => !text.includes("\u0000") && text.isWellFormed()

/** An id of one byte a letter that stands as it is. */
const usualId = /^[!-~]{1,128}$/

/** Bytes of a text in UTF-8. */
function bytesOf(text: string): number {
  let bytes = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) bytes += 1
    else if (unit < 0x800) bytes += 2
    else if (unit >= 0xd800 && unit < 0xdc00) {
      bytes += 4
      i++
    } else bytes += 3
  }
  return bytes
}

function isPlain(value: Json | undefined, depth: number): boolean {
  if (typeof value === "string") return isKeepable(value)
  if (typeof value !== "object" || value === null) return true
  if (depth > depthMax) return false
  if (Array.isArray(value)) return value.every((each) => isPlain(each, depth + 1))
  for (const field in value) if (!isKeepable(field) || !isPlain(value[field], depth + 1)) return false
  return true
}

const line = (code: string, field: string, message: string): LineRefusal => ({ code, field, message })

function idRefusal(event: OrderEvent): LineRefusal | null {
  if (event.eventId === undefined) return null
  const id = idOf(event.eventId)
  if (id === null) return line("bad_id", "eventId", `expected a text of 1 to ${idBytesMax} bytes`)
  event.eventId = id
  return null
}

const isTextList = (value: Json | undefined): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string" && each !== "")

const isMoney = (value: Json | undefined): boolean => value === undefined || Number.isSafeInteger(value)

function bodyRefusal({ lines, order }: OrderEvent): LineRefusal | null {
  if (lines !== undefined && !isTextList(lines))
    return line("bad_lines", "lines", "expected a list of line ids that is not empty")
  if (order === undefined) return null
  if (!isObject(order)) return line("bad_field", "order", "expected an object")
  if (!isMoney(order.amount))
    return line("bad_money", "order.amount", "expected whole minor units, such as 32900 for ¥329.00")
  if (order.receiver !== undefined && !isObject(order.receiver))
    return line("bad_field", "order.receiver", "expected an object")
  if (order.type !== undefined && typeof order.type !== "string")
    return line("bad_field", "order.type", "expected a text")
  return order.items === undefined ? null : itemsRefusal(order.items)
}

function itemsRefusal(items: Json): LineRefusal | null {
  if (!Array.isArray(items)) return line("bad_field", "order.items", "expected a list")
  for (const [i, item] of items.entries()) {
    const field = `order.items[${i}]`
    if (!isObject(item)) return line("bad_field", field, "expected an object")
    const id = item.line ?? item.sku
    if (typeof id !== "string" || id === "") return line("bad_field", field, "expected a line or a sku")
    if (!isMoney(item.amount))
      return line("bad_money", `${field}.amount`, "expected whole minor units, such as 32900 for ¥329.00")
  }
  return null
}

const isText = (value: Json | undefined): boolean => typeof value === "string" && value !== ""

function typeRefusal(event: OrderEvent, teller: Teller): LineRefusal | null {
  const check: Partial<Record<EventType, () => LineRefusal | null>> = {
    held: () =>
      isText(event.reason) || isText(event.hold)
        ? null
        : line("bad_hold", "reason", "expected a reason or the name of a hold"),
    date_agreed: () =>
      !teller.mayAgree
        ? line(
            "forbidden",
            "type",
            "an integration may not send date_agreed; a person records what the customer accepted",
          )
        : event.date === undefined
          ? line("bad_instant", "date", "expected the instant that the customer accepted, with an offset")
          : null,
    policy_applied: () =>
      !teller.mayAgree
        ? line(
            "forbidden",
            "type",
            "an integration may not send policy_applied; publish and apply the policy instead",
          )
        : !Number.isInteger(event.version) || !teller.hasPolicy(event.version!)
          ? line("unknown_policy", "version", "expected the number of a published version of the policy")
          : null,
    retracted: () =>
      pointsAt(event.of) ? null : line("bad_of", "of", "expected { eventId } or { type, at }"),
  }
  return check[event.type]?.() ?? null
}

const pointsAt = (of: OrderEvent["of"]): boolean =>
  isObject(of as Json) &&
  (isText((of as JsonObject).eventId) ||
    (isText((of as JsonObject).type) && typeof (of as JsonObject).at === "number"))
