import { useMutation, useQuery } from "@tanstack/react-query"
import { Navigate, useParams } from "react-router"
import { get, ProblemError, post } from "../client.ts"
import { ErrorState } from "../marks/Blank.tsx"
import { SampleFirst } from "../sample/SampleFirst.tsx"
import { useWords } from "../words/words.ts"
import { Entrance, EntranceForm, useFormError } from "./Entrance.tsx"

type Values = { companyName: string; name: string; email: string; password: string }

/** The first owner sets up the company by the one-time link that the server printed. */
export default function FirstOwner() {
  const { t, language } = useWords()
  const { token = "" } = useParams()
  const link = useQuery({
    queryKey: ["first-owner", token],
    queryFn: () =>
      get<{ valid: boolean; timezone?: string }>(`/api/v1/first-owner/${encodeURIComponent(token)}`),
  })
  const create = useMutation({
    mutationFn: async (values: Values) => {
      await post("/api/v1/first-owner", {
        token,
        language,
        ...(link.data?.timezone ? { timezone: link.data.timezone } : {}),
        ...values,
      })
      await post("/api/auth/sign-in/email", { email: values.email, password: values.password })
    },
  })
  const error = useFormError(create.error)
  if (create.isSuccess) return <Navigate to="/setup" replace />
  if (link.isPending) return null
  return (
    <Entrance title={t("sign-in.owner.title")} lead={link.data?.valid ? t("sign-in.owner.lead") : undefined}>
      {link.data?.valid ? (
        <EntranceForm<Values>
          fields={[
            { name: "companyName", label: t("sign-in.company"), autoComplete: "organization" },
            { name: "name", label: t("sign-in.name"), autoComplete: "name" },
            { name: "email", label: t("sign-in.email"), type: "email", autoComplete: "username" },
            {
              name: "password",
              label: t("sign-in.password"),
              type: "password",
              hint: t("sign-in.passwordHint"),
            },
          ]}
          go={t("sign-in.owner.go")}
          busy={create.isPending}
          error={error}
          onFinish={(values) => create.mutate(values)}
        />
      ) : (
        <ErrorState
          error={link.error ?? new ProblemError({ type: "", title: "", status: 410, code: "link_invalid" })}
        />
      )}
      {link.data?.valid && <p className="after s">{t("sign-in.owner.next")}</p>}
      {link.data?.valid && <SampleFirst token={token} />}
    </Entrance>
  )
}
