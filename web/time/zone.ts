import { createContext, useContext } from "react"

/** The zone in which the page tells time: the company's, before sign-in the browser's. */
export const Zone = createContext(Intl.DateTimeFormat().resolvedOptions().timeZone)
export const useZone = (): string => useContext(Zone)
