# The words of the house. `just check` is what CI runs.

# Everything that must hold.
check:
    ./check.sh

# Tests alone.
test:
    cargo test --workspace

# Our figures beside the peers', in one run.
bench:
    cargo run --release --manifest-path benches/Cargo.toml

# The law in the packs.
law:
    cargo run --release --quiet -- law check
    cargo run --release --quiet -- law test
