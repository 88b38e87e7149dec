/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [field: string]: Json | undefined }
/** A JSON object. */
export type JsonObject = { [field: string]: Json | undefined }

/** A value as canonical JSON (RFC 8785): keys sorted by UTF-16 code units at every depth, no white space; null fields are absent (CLOCKS, preface). */
export function canonical(value: Json | undefined): string {
  if (value === null || value === undefined) return "null"
  if (typeof value !== "object") return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  let text = "{"
  for (const key of Object.keys(value).sort()) {
    const field = value[key]
    if (field === null || field === undefined) continue
    text += `${text.length > 1 ? "," : ""}${JSON.stringify(key)}:${canonical(field)}`
  }
  return `${text}}`
}

/** A value without its null fields, at whatever depth: a field that is null is absent. */
export function withoutNulls<Value extends Json>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map((each) => withoutNulls(each)) as Value
  const kept: JsonObject = {}
  for (const key in value) {
    const field = (value as JsonObject)[key]
    if (field !== null && field !== undefined) put(kept, key, withoutNulls(field))
  }
  return kept as Value
}

/** Sets a field of an object; one named `__proto__` too is a field as any other, and no prototype. */
export function put(holder: JsonObject, key: string, value: Json): void {
  if (key === "__proto__")
    Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true })
  else holder[key] = value
}

/** Whether two values are the same JSON. */
export const sameJson = (one: Json | undefined, other: Json | undefined): boolean =>
  one === other ||
  (typeof one === "object" && typeof other === "object" && canonical(one) === canonical(other))

/** Order of texts by UTF-16 code units. */
export const byCodeUnits = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** Whether a field is there: null is absent. */
export const isSet = (value: Json | undefined): value is NonNullable<Json> =>
  value !== null && value !== undefined
