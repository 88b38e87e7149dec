import { contentOf, type Json, type OrderEvent } from "../core/events.ts"
import type { Instant } from "../core/instants.ts"
import type { Told } from "../core/ledger.ts"
import { maskReceiver, type Receiver, wholePhone } from "../core/masking.ts"
import type { StoredEvent, StoredReceiver } from "../store/events.ts"
import type { Place } from "../store/keys.ts"
import type { Secrets } from "../store/secrets.ts"

/** What was told of an order, with the row that keeps it. The judge sees receivers masked only. */
export type Telling = Told & { row: StoredEvent; isNew: boolean }

/** What a digest of an order's receiver is bound to, so that a blob cannot be moved to another order. */
const boundTo = (place: Place): string => `receivers|${place.bucket}|${place.id}`

/** An event of a stored row again, for the judge. Its content is computed only when two tellings tie. */
export function tellingOf(row: StoredEvent, receiver: () => Receiver | null): Telling {
  const event = { ...row.body, source: row.source } as OrderEvent
  if (row.eventId !== null) event.eventId = row.eventId
  if (row.observedAt !== null) event.observedAt = row.observedAt
  let content: string | undefined
  return {
    row,
    isNew: false,
    event,
    identity: row.identity,
    observedAt: row.observedAt,
    holds: row.holds,
    get content() {
      content ??= contentOf(withReceiver(event, receiver()))
      return content
    },
  }
}

function withReceiver(event: OrderEvent, receiver: Receiver | null): OrderEvent {
  if (receiver === null) return event
  return { ...event, order: { ...event.order, receiver: receiver as Record<string, Json> } } as OrderEvent
}

/** Opens an order's stored receivers by their digest. */
export function openReceiver(secrets: Secrets, place: Place, stored: StoredReceiver): Receiver {
  return JSON.parse(secrets.open(stored.blob, boundTo(place)).toString("utf8")) as Receiver
}

/** A new event as it is told, as it is stored, and the receiver that it brings (null when it brings none). */
export function tell(
  secrets: Secrets,
  place: Place,
  event: OrderEvent,
  recordedAt: Instant,
): { telling: Telling; receiver: { hmac: Buffer; seal(): StoredReceiver } | null } {
  const content = contentOf(event)
  const stated = event.order?.receiver as Receiver | null | undefined
  const receiver = stated ? { ...stated } : null
  const shown = receiver ? masked(event, receiver) : event
  const { source, eventId, observedAt, ...body } = shown
  const hmac = receiver ? secrets.digest(`receiver|${place.id}|${JSON.stringify(receiver)}`) : null
  const row: StoredEvent = {
    bucket: place.bucket,
    orderId: place.id,
    identity: eventId === undefined ? "" : `${source}\u001f${eventId}`,
    content: secrets.digest(`content|${place.id}|${content}`),
    type: event.type,
    at: event.at,
    source,
    eventId: eventId ?? null,
    observedAt: observedAt ?? null,
    holds: true,
    body: body as StoredEvent["body"],
    receiver: hmac,
    recordedAt,
  }
  const telling: Telling = {
    row,
    isNew: true,
    event: shown,
    content,
    identity: row.identity,
    observedAt: row.observedAt,
    holds: true,
  }
  return {
    telling,
    receiver: receiver && hmac ? { hmac, seal: () => seal(secrets, place, receiver, hmac) } : null,
  }
}

function masked(event: OrderEvent, receiver: Receiver): OrderEvent {
  return { ...event, order: { ...event.order, receiver: maskReceiver(receiver) } } as OrderEvent
}

function seal(secrets: Secrets, place: Place, receiver: Receiver, hmac: Buffer): StoredReceiver {
  const phone = wholePhone(receiver.phone)
  const tail = typeof receiver.phone === "string" ? /(\d{4})\D*$/.exec(receiver.phone)?.[1] : undefined
  return {
    bucket: place.bucket,
    orderId: place.id,
    hmac,
    blob: secrets.seal(JSON.stringify(receiver), boundTo(place)),
    phoneIndex: phone === null ? null : secrets.blindIndex(phone),
    tailIndex: tail === undefined ? null : secrets.blindIndex(`tail|${tail}`),
  }
}
