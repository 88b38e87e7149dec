/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [field: string]: Json | undefined }
/** A JSON object. */
export type JsonObject = { [field: string]: Json | undefined }

/** A value as canonical JSON (RFC 8785): keys sorted by UTF-16 code units at every depth, no white space; null fields are absent (CLOCKS, preface), and so are the named ones of the value itself. */
export function canonical(value: Json | undefined, without?: ReadonlySet<string>): string {
  if (typeof value === "string") return quoted(value)
  if (value === null || value === undefined) return "null"
  if (typeof value !== "object") return JSON.stringify(value)
  let text = ""
  if (Array.isArray(value)) {
    for (const each of value) text += text === "" ? canonical(each) : `,${canonical(each)}`
    return `[${text}]`
  }
  for (const key of inOrder(Object.keys(value))) {
    const field = value[key]
    if (field === null || field === undefined || without?.has(key)) continue
    text += text === "" ? `${quoted(key)}:${canonical(field)}` : `,${quoted(key)}:${canonical(field)}`
  }
  return `{${text}}`
}

/** What JSON writes in another way than as it is. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON escapes
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/
const quoted = (text: string): string => (escaped.test(text) ? JSON.stringify(text) : `"${text}"`)

/** Keys in order; most come so, and need no sorting. */
function inOrder(keys: string[]): string[] {
  for (let i = 1; i < keys.length; i++) if (keys[i]! < keys[i - 1]!) return keys.sort()
  return keys
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

/** Sets a field of an object; one named `__proto__` too is a field like the others, and no prototype. */
export function put(holder: JsonObject, key: string, value: Json): void {
  if (key === "__proto__")
    Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true })
  else holder[key] = value
}

/** Whether two values are the same JSON; a field that is null is absent. */
export function sameJson(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false
  if (Array.isArray(one) || Array.isArray(other))
    return (
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((each, i) => sameJson(each ?? null, other[i] ?? null))
    )
  for (const key in one) if (isSet(one[key]) && !sameJson(one[key], other[key])) return false
  for (const key in other) if (isSet(other[key]) && !isSet(one[key])) return false
  return true
}

/** Order of texts by UTF-16 code units. */
export const byCodeUnits = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** Whether a field is there: null is absent. */
export const isSet = (value: Json | undefined): value is NonNullable<Json> =>
  value !== null && value !== undefined
