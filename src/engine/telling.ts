import { bodyOf, contentOf, type Json, type OrderEvent } from "../core/events.ts"
import type { Instant } from "../core/instants.ts"
import { canonical } from "../core/json.ts"
import { identityOf, type Told } from "../core/ledger.ts"
import { maskReceiver, type Receiver, wholePhone } from "../core/masking.ts"
import type { EventRow, NewEvent, StoredEvent, StoredReceiver } from "../store/events.ts"
import type { KeyPlace } from "../store/keys.ts"
import type { Secrets } from "../store/secrets.ts"

/** What was told of an order, with the row that keeps it. The judge sees receivers masked only. */
export type Telling = Told & { row: EventRow | NewEvent; isNew: boolean }

/** What an order's sealed receiver is bound to, so that a blob cannot be moved to another order. */
const boundTo = ({ bucket, digest }: KeyPlace): string => `receivers|${bucket}|${digest}`

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
export function openReceiver(secrets: Secrets, place: KeyPlace, stored: StoredReceiver): Receiver {
  return JSON.parse(secrets.open(stored.blob, boundTo(place)).toString("utf8")) as Receiver
}

/** A new event as it is told, as it is stored, and the receiver that it brings (null when it brings none). */
export function tell(
  secrets: Secrets,
  place: KeyPlace,
  event: OrderEvent,
  recordedAt: Instant,
): { telling: Telling; receiver: { hmac: Buffer; seal(): StoredReceiver } | null } {
  const receiver = (event.order?.receiver as Receiver | null | undefined) ?? null
  const shown = receiver ? masked(event, receiver) : event
  const plain = receiver ? canonical(receiver as Json) : ""
  const hmac = receiver ? secrets.digest(`receiver|${place.digest}|${plain}`) : null
  const bodyText = bodyOf(shown)
  // R1 in two parts: what is shown of the event, and the digest of the receiver that is masked in it.
  const told = event.type === "retracted" ? contentOf(shown) : bodyText
  const row: NewEvent = {
    bucket: place.bucket,
    orderId: place.id,
    identity: identityOf(event),
    content: secrets.digest(`content|${place.digest}|${hmac?.toString("hex") ?? ""}|${told}`),
    type: event.type,
    at: event.at,
    source: event.source,
    eventId: event.eventId ?? null,
    observedAt: event.observedAt ?? null,
    holds: true,
    bodyText,
    receiver: hmac,
    recordedAt,
  }
  return {
    telling: new Fresh(row, shown, event),
    receiver: receiver && hmac ? { hmac, seal: () => seal(secrets, place, receiver, plain, hmac) } : null,
  }
}

/** An event as it is told now. Its content is computed only when two tellings tie. */
class Fresh implements Telling {
  readonly row: NewEvent
  readonly isNew = true
  readonly event: OrderEvent
  readonly identity: string
  observedAt: Instant | null
  holds = true
  readonly #asTold: OrderEvent

  constructor(row: NewEvent, event: OrderEvent, asTold: OrderEvent) {
    this.row = row
    this.event = event
    this.identity = row.identity
    this.observedAt = row.observedAt
    this.#asTold = asTold
  }

  get content(): string {
    return contentOf(this.#asTold)
  }
}

function masked(event: OrderEvent, receiver: Receiver): OrderEvent {
  return { ...event, order: { ...event.order, receiver: maskReceiver(receiver) } } as OrderEvent
}

function seal(
  secrets: Secrets,
  place: KeyPlace,
  receiver: Receiver,
  plain: string,
  hmac: Buffer,
): StoredReceiver {
  const phone = wholePhone(receiver.phone)
  // Whoever is looked for by the whole number is found by its end, however it was written.
  const tail =
    phone?.slice(-4) ??
    (typeof receiver.phone === "string" ? /(\d{4})\D*$/.exec(receiver.phone)?.[1] : undefined)
  return {
    bucket: place.bucket,
    orderId: place.id,
    hmac,
    blob: secrets.seal(plain, boundTo(place)),
    phoneIndex: phone === null ? null : secrets.blindIndex(phone),
    tailIndex: tail === undefined ? null : secrets.tailIndex(tail),
  }
}
