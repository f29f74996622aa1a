"""Templates that the others name."""

TEMPLATES = """\
{{/* An image of ours: `list . NAME TAG SUFFIX`; the tag is the chart's version by default, a digest goes first. */}}
{{- define "interview.image" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
{{- $tag := printf "%s%s" (index . 2 | default $root.Values.image.tag | default $root.Chart.AppVersion) (index . 3) -}}
{{- with $root.Values.image.registry }}{{ trimSuffix "/" . }}/{{ end }}{{ $name -}}
{{- with index $root.Values.image.digests $name }}@{{ . }}{{ else }}:{{ $tag }}{{ end }}
{{- end }}

{{/* The name by which the gateway is known, from its address. */}}
{{- define "interview.host" -}}
{{- (urlParse .Values.gateway.publicUrl).host | splitList ":" | first -}}
{{- end }}

{{/* `list . TEMPLATE VALUES`: what the template says, and the owner's values over it. */}}
{{- define "interview.over" -}}
{{- toYaml (mergeOverwrite (include (index . 1) (index . 0) | fromYaml) (deepCopy (index . 2))) -}}
{{- end }}

{{/* `list . TEMPLATE …`: changes when one of these settings does, so that pods start again. */}}
{{- define "interview.checksum" -}}
{{- $root := index . 0 -}}
{{- $text := "" -}}
{{- range rest . -}}
{{- $own := index $root.Values.settings (trimPrefix "interview.settings." .) -}}
{{- $text = printf "%s%s" $text (include "interview.over" (list $root . $own)) -}}
{{- end -}}
{{- sha256sum $text -}}
{{- end }}

{{- define "interview.labels" -}}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}
"""

NOTES = """\
{{ .Chart.Name }} {{ .Chart.AppVersion }} is in namespace {{ .Release.Namespace }}.
Once its pods are ready it is at {{ .Values.gateway.publicUrl }}:

  kubectl -n {{ .Release.Namespace }} get pods

It waits for the Secrets that k8s/README.md lists: {{ values .Values.secrets | uniq | sortAlpha | join ", " }}.
Everybody signs in. The first key:

  kubectl -n {{ .Release.Namespace }} port-forward deployment/orchestrator 50055 &
  interview keys create "First" --scope admin --orchestrator 127.0.0.1:50055
"""
