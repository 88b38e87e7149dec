import { useEffect, useRef, useSyncExternalStore } from "react"

/** What a key does: the key of its words, and the act. */
export type KeyAct = { does: string; act: (event: KeyboardEvent) => void }
export type KeySet = Record<string, KeyAct>

type Layer = { title: string; keys: { current: KeySet } }

/** The newest layer is asked first, so that a panel's Escape comes before the page's. */
let layers: readonly Layer[] = []
const listeners = new Set<() => void>()

function change(next: readonly Layer[]): void {
  layers = next
  for (const listener of listeners) listener()
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

const pressed = "button, a[href], summary, [role=button], [role=tab], [role=link]"

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
  if (isTyping(event.target) && event.key !== "Escape") return
  // A dialog or an open menu has the keyboard to itself.
  if (event.target instanceof Element && event.target.closest("[role=dialog], [role=menu], [role=listbox]"))
    return
  // What has the keyboard is pressed by Enter, whatever that means on the page.
  if (event.key === "Enter" && event.target instanceof Element && event.target.closest(pressed)) return
  for (const layer of layers) {
    const found = layer.keys.current[event.key]
    if (!found) continue
    if (isTyping(event.target)) (event.target as HTMLElement).blur()
    event.preventDefault()
    found.act(event)
    return
  }
}

/** Listens to the keyboard; once, where the shell stands. */
export function openKeys(): () => void {
  window.addEventListener("keydown", onKey)
  return () => window.removeEventListener("keydown", onKey)
}

/** Gives keys a meaning while the component is there. Keys are named as KeyboardEvent.key; both words are keys of the word files. */
export function useKeys(title: string, keys: KeySet): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    const layer: Layer = { title, keys: latest }
    change([layer, ...layers])
    return () => change(layers.filter((each) => each !== layer))
  }, [title])
}

/** Every key that does something now, for the page of keys. */
export function useAllKeys(): { title: string; keys: [string, string][] }[] {
  const all = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => layers,
  )
  return all.map(({ title, keys }) => ({
    title,
    keys: Object.entries(keys.current).map(([key, { does }]) => [key, does]),
  }))
}
