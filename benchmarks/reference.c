/* The limit: the 24 aggregates as a plain loop, account by account, with nothing of a library around it.
 *
 * The same layout as the kernel's: transfers sorted by account into small records, one ring per account with the
 * time and the sum of all amounts before each event, one tail per window that only moves forward, and a queue of
 * falling amounts in which the largest of a window is found by bisection.
 */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_WINDOWS = 8, SMALLEST_RING = 64, OUT_OF_MEMORY = 1, TOO_MANY_WINDOWS = 2 };

typedef struct { int64_t time, amount, row, extra; } record;
typedef struct { int64_t time, before; } event;
typedef struct { int64_t index, amount; } peak;

typedef struct {
  const int64_t *windows;
  int64_t n_windows, with_peaks;
  double *out;
  int64_t width, first_column;
} program;

typedef struct {
  event *events;
  peak *peaks;
  int64_t mask, end, total, first_peak, end_peak;
  int64_t tails[MOST_WINDOWS];
} ring;

/* Counting sort: starts[a] becomes the end of account a. */
static void sort_by_account(const int64_t *accounts, const int64_t *times, const int64_t *amounts, int64_t n,
                            int64_t n_accounts, int64_t *starts, record *records) {
  for (int64_t i = 0; i < n; i++) starts[accounts[i] + 1]++;
  for (int64_t a = 0; a < n_accounts; a++) starts[a + 1] += starts[a];
  for (int64_t i = 0; i < n; i++) records[starts[accounts[i]]++] = (record){times[i], amounts[i], i, 0};
}

static void move_tails(ring *r, const program *p, int64_t now) {
  for (int64_t w = 0; w < p->n_windows; w++) {
    int64_t tail = r->tails[w];
    while (tail < r->end && r->events[tail & r->mask].time < now - p->windows[w]) tail++;
    r->tails[w] = tail;
  }
  while (r->first_peak < r->end_peak && r->peaks[r->first_peak & r->mask].index < r->tails[p->n_windows - 1])
    r->first_peak++;
}

static double largest_from(const ring *r, int64_t tail) {
  int64_t low = r->first_peak, high = r->end_peak - 1;
  while (low < high) {
    int64_t middle = (low + high) / 2;
    if (r->peaks[middle & r->mask].index < tail) low = middle + 1;
    else high = middle;
  }
  return (double)r->peaks[low & r->mask].amount;
}

/* Columns go by reducer, then window: counts, sums, largest, means. */
static void write_row(const ring *r, const program *p, int64_t row) {
  double *out = p->out + row * p->width + p->first_column;
  for (int64_t w = 0; w < p->n_windows; w++) {
    int64_t tail = r->tails[w], count = r->end - tail;
    double sum = count ? (double)(r->total - r->events[tail & r->mask].before) : 0.0;
    out[w] = (double)count;
    out[p->n_windows + w] = sum;
    if (!p->with_peaks) continue;
    out[2 * p->n_windows + w] = count ? largest_from(r, tail) : NAN;
    out[3 * p->n_windows + w] = count ? sum / (double)count : NAN;
  }
}

static int grow(ring *r, int64_t first) {
  int64_t capacity = 2 * (r->mask + 1), mask = capacity - 1;
  event *events = malloc(capacity * sizeof *events);
  peak *peaks = malloc(capacity * sizeof *peaks);
  if (!events || !peaks) return OUT_OF_MEMORY;
  for (int64_t i = first; i < r->end; i++) events[i & mask] = r->events[i & r->mask];
  for (int64_t i = r->first_peak; i < r->end_peak; i++) peaks[i & mask] = r->peaks[i & r->mask];
  free(r->events);
  free(r->peaks);
  r->events = events, r->peaks = peaks, r->mask = mask;
  return 0;
}

static int remember(ring *r, const program *p, int64_t time, int64_t amount) {
  int64_t first = r->tails[p->n_windows - 1];
  if (r->end - first > r->mask && grow(r, first)) return OUT_OF_MEMORY;
  r->events[r->end & r->mask] = (event){time, r->total};
  r->total += amount;
  if (p->with_peaks) {
    while (r->end_peak > r->first_peak && r->peaks[(r->end_peak - 1) & r->mask].amount <= amount) r->end_peak--;
    r->peaks[r->end_peak++ & r->mask] = (peak){r->end, amount};
  }
  r->end++;
  return 0;
}

static int replay_account(const record *record_, const record *end, const record *last, ring *r, const program *p,
                          int64_t ahead) {
  r->end = r->total = r->first_peak = r->end_peak = 0;
  memset(r->tails, 0, sizeof r->tails);
  for (; record_ < end; record_++) {
    if (ahead && record_ + ahead < last) {
      const double *later = p->out + record_[ahead].row * p->width + p->first_column;
      __builtin_prefetch(later, 1);
      __builtin_prefetch(later + 8, 1);
    }
    move_tails(r, p, record_->time);
    write_row(r, p, record_->row);
    if (remember(r, p, record_->time, record_->amount)) return OUT_OF_MEMORY;
  }
  return 0;
}

/* One side of the log: `width` doubles a row in `out`, of which this side writes from `first_column` on.
 * With `ahead`, rows that will be written that many transfers later are asked of memory now. */
int replay_side(const int64_t *accounts, const int64_t *times, const int64_t *amounts, int64_t n, int64_t n_accounts,
                const int64_t *windows, int64_t n_windows, int64_t with_peaks, double *out, int64_t width,
                int64_t first_column, int64_t ahead) {
  if (n_windows > MOST_WINDOWS) return TOO_MANY_WINDOWS;
  program p = {windows, n_windows, with_peaks, out, width, first_column};
  int64_t *starts = calloc(n_accounts + 1, sizeof *starts);
  record *records = malloc(n * sizeof *records);
  ring r = {malloc(SMALLEST_RING * sizeof *r.events), malloc(SMALLEST_RING * sizeof *r.peaks), SMALLEST_RING - 1};
  int failed = starts && records && r.events && r.peaks ? 0 : OUT_OF_MEMORY;
  if (!failed) sort_by_account(accounts, times, amounts, n, n_accounts, starts, records);
  for (int64_t a = 0; !failed && a < n_accounts; a++)
    failed = replay_account(records + (a ? starts[a - 1] : 0), records + starts[a], records + n, &r, &p, ahead);
  free(starts), free(records), free(r.events), free(r.peaks);
  return failed;
}
