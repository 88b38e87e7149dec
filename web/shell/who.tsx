import { createMongoAbility } from "@casl/ability"
import { useQuery, useQueryClient } from "@tanstack/react-query"
import { createContext, type ReactNode, useContext, useMemo } from "react"
import { Navigate, useLocation } from "react-router"
import type { Me } from "../../src/api/contract.ts"
import type { Action, Rule, Subject } from "../../src/core/permissions.ts"
import { get, ProblemError, post } from "../client.ts"
import { ErrorState } from "../marks/Blank.tsx"
import { Zone } from "../time/zone.ts"

export type Who = { me: Me; may(action: Action, subject: Subject): boolean }

const WhoContext = createContext<Who | null>(null)

/** Who is signed in, and what they may do; only inside the shell. */
export function useWho(): Who {
  const who = useContext(WhoContext)
  if (!who) throw new Error("useWho stands outside the shell")
  return who
}

/** Lets through whoever is signed in; others go to the sign-in page and come back. */
export function SignedIn({ children }: { children: ReactNode }) {
  const {
    data: me,
    error,
    refetch,
  } = useQuery({ queryKey: ["me"], queryFn: () => get<Me>("/api/v1/me"), retry: false, staleTime: 60_000 })
  const { pathname, search } = useLocation()
  const who = useMemo<Who | null>(() => {
    if (!me) return null
    const ability = createMongoAbility<[Action, Subject]>(me.abilities as Rule[])
    return { me, may: (action, subject) => ability.can(action, subject) }
  }, [me])
  if (error instanceof ProblemError && error.status === 401) {
    const next = pathname === "/" ? "" : `?next=${encodeURIComponent(pathname + search)}`
    return <Navigate to={`/sign-in${next}`} replace />
  }
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!who) return null
  return (
    <Zone value={who.me.company?.timezone ?? "Asia/Shanghai"}>
      <WhoContext value={who}>{children}</WhoContext>
    </Zone>
  )
}

/** Ends the session and forgets everything fetched in it. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient()
  return async () => {
    await post("/api/auth/sign-out").catch(() => {})
    queries.clear()
    window.location.assign("/sign-in")
  }
}
