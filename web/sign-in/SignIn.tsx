import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { Link, useNavigate, useSearchParams } from "react-router"
import { ProblemError, post } from "../client.ts"
import { SamplePeople } from "../sample/SamplePeople.tsx"
import { useWords } from "../words/words.ts"
import { Entrance, EntranceForm, useFormError } from "./Entrance.tsx"

type Answer = { twoFactorRedirect?: boolean }
type Values = { email: string; password: string; code?: string }

/** E-mail and password, then a code for those who use one. */
export default function SignIn() {
  const { t } = useWords()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [search] = useSearchParams()
  const [second, setSecond] = useState(false)
  const enter = useMutation({
    mutationFn: async ({ email, password, code }: Values): Promise<Answer> =>
      second
        ? post<Answer>("/api/auth/two-factor/verify-totp", { code, trustDevice: true })
        : post<Answer>("/api/auth/sign-in/email", { email: email.trim(), password }),
    onSuccess: async (answer) => {
      if (answer.twoFactorRedirect) return setSecond(true)
      await queries.resetQueries({ queryKey: ["me"] })
      await navigate(placeOf(search.get("next")), { replace: true })
    },
  })
  const problem = useFormError(enter.error)
  const wrong = enter.error instanceof ProblemError && enter.error.status === 401
  const error = wrong ? { title: t("sign-in.wrong"), mend: t("sign-in.wrongMend") } : problem
  const fields = second
    ? [
        {
          name: "code",
          label: t("sign-in.twoFactor"),
          hint: t("sign-in.twoFactorHint"),
          autoComplete: "one-time-code",
          code: true,
        },
      ]
    : [
        {
          name: "email",
          label: t("sign-in.email"),
          autoComplete: "username",
          initial: search.get("email") ?? "",
        },
        {
          name: "password",
          label: t("sign-in.password"),
          type: "password" as const,
          autoComplete: "current-password",
        },
      ]
  return (
    <Entrance title={t("sign-in.title")} lead={t("sign-in.promise")}>
      <SamplePeople next={placeOf(search.get("next"))} />
      <EntranceForm<Values>
        key={String(second)}
        fields={fields}
        go={second ? t("sign-in.goOn") : t("sign-in.title")}
        busy={enter.isPending}
        error={error}
        onFinish={(values) => enter.mutate(values)}
      />
      <div className="after s">
        <span>{t("sign-in.forgot")}</span>
        <Link to="/check">{t("sign-in.tryCheck")}</Link>
      </div>
    </Entrance>
  )
}

/** Only a path of this site is a place to go on to. */
function placeOf(next: string | null): string {
  return next?.startsWith("/") && !next.startsWith("//") ? next : "/"
}
