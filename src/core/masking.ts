import type { Json } from "./events.ts"

/** Who an order is sent to, as told. */
export type Receiver = { name?: string; phone?: string; province?: string; city?: string; address?: string }

/** Of how many orders one person may open the receiver within an hour: whoever serves customers seldom needs more, whoever gathers addresses does. */
export const revealsAnHour = 60
/** How long an opened receiver is shown, seconds. */
export const revealedSeconds = 60

/** A phone number of which only the first three and the last four digits are left; shorter ones keep the last four at most. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/[^\d*]/g, "")
  if (digits.includes("*")) return digits
  if (digits.length >= 11) return `${digits.slice(0, -8)}****${digits.slice(-4)}`
  return digits.length > 4 ? `****${digits.slice(-4)}` : "****"
}

/** A name of which only the first character is left. */
export const maskName = (name: string): string => (name === "" ? "" : `${[...name][0]}**`)

/** What may be stored and shown of a receiver without a permission: province and city, masked name and phone, no address. */
export function maskReceiver(receiver: Receiver): Record<string, Json> {
  const masked: Record<string, Json> = {}
  if (typeof receiver.name === "string") masked.name = maskName(receiver.name)
  if (typeof receiver.phone === "string") masked.phone = maskPhone(receiver.phone)
  if (typeof receiver.province === "string") masked.province = receiver.province
  if (typeof receiver.city === "string") masked.city = receiver.city
  if (typeof receiver.address === "string") masked.address = "***"
  return masked
}

/** A whole phone number's digits, or null when it is masked or none: only whole ones are indexed for search. */
export function wholePhone(phone: unknown): string | null {
  if (typeof phone !== "string") return null
  const digits = phone.replace(/\D/g, "").replace(/^(0086|86)(?=1\d{10}$)/, "")
  return !phone.includes("*") && digits.length >= 7 ? digits : null
}
