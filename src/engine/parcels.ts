import { byTelling } from "../core/details.ts"
import type { Instant } from "../core/instants.ts"
import { type Told, validAt } from "../core/ledger.ts"
import type { StoredParcel } from "../store/events.ts"
import type { Place } from "../store/keys.ts"

const trackingOf = ({ event }: Told): string | null => {
  const stated = event.order?.trackingNo
  return typeof stated === "string" && stated !== "" ? stated : null
}

/** Each parcel that a valid event states, once; of several that state one the last in the order of R11. Null: none was ever stated. */
export function parcelsOf(place: Place, told: readonly Told[], at: Instant): StoredParcel[] | null {
  if (!told.some((each) => trackingOf(each) !== null)) return null
  const parcels = new Map<string, StoredParcel>()
  for (const each of validAt(told, at).sort(byTelling)) {
    const trackingNo = trackingOf(each)
    if (trackingNo === null) continue
    const { order, lines } = each.event
    const carrier = typeof order!.carrier === "string" ? order!.carrier : ""
    parcels.set(`${carrier}\u001f${trackingNo}`, {
      bucket: place.bucket,
      orderId: place.id,
      carrier,
      trackingNo,
      lines: Array.isArray(lines) ? lines : null,
    })
  }
  return [...parcels.values()]
}
