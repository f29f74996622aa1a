// Where a job's candidates stand, in the order and with the filters that were chosen last.

const LAST = "interview_candidates";

// What was chosen stands in the address, so that the way back from a candidate leads to the same table. Names that
// were searched for do not.
export function remember(values) {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(values)) {
    if (value === "") address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  history.replaceState(null, "", address);
  sessionStorage.setItem(LAST, address.search);
}

export function jobPage(job) {
  const last = sessionStorage.getItem(LAST) ?? "";
  const search = new URLSearchParams(last).get("job") === job ? last : `?${new URLSearchParams({ job })}`;
  return `/job.html${search}#candidates`;
}
