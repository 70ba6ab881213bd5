//! Machine: what the figures were taken on, and how busy it was.

/// The processor, as it names itself.
pub fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let of = |key: &str| {
        text.lines()
            .find(|line| line.starts_with(key))
            .and_then(|line| line.split_once(':'))
            .map(|(_, value)| value.trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mhz = of("cpu MHz").map_or(String::new(), |mhz| {
        format!(", {} MHz", mhz.split('.').next().unwrap_or_default())
    });
    format!(
        "{cores} cores, {}{mhz}",
        of("model name").unwrap_or_else(|| "processor not named".to_owned())
    )
}

/// How fast the processor is just now: nanoseconds for a step of a chain of multiplications that cannot overlap.
pub fn pace() -> f64 {
    let mut random = crate::random::Random::new(1);
    let steps = 2_000_000;
    let timing = crate::clock::time(5, steps, || {
        let mut sum = 1u64;
        for _ in 0..steps {
            sum = sum.wrapping_mul(random.next() | 1);
        }
        std::hint::black_box(sum);
    });
    timing.best
}

/// Load over one, five and fifteen minutes.
pub fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// Forgets the greatest memory in use so far, where the system lets us.
pub fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The greatest memory in use since [`forget_peak`], in MiB.
pub fn peak() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: f64 = line
        .and_then(|line| line.trim().split(' ').next())
        .and_then(|number| number.parse().ok())
        .unwrap_or(0.0);
    kib / 1024.0
}

/// Today, as the system's clock has it.
pub fn today() -> String {
    let seconds = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    catchall_model::Day::from_number(i64::try_from(seconds / 86_400).unwrap_or(0)).to_string()
}
