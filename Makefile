# More arguments for a target's script: make test ARGS='-pl rules-core -Dseed=42'
ARGS =
# The module and the test for the targets unit and watch: make unit M=rules-nft T=NftFollowerTest
M =
T =

.PHONY: help check unit watch it test test-vm demo e2e bench jmh mutation image sbom format clean

help:
	@echo 'While you work:'
	@echo '  make check       format, compile, static checks, unit tests of the pure modules; no root'
	@echo '  make unit M=rules-nft T=NftFollowerTest    one test'
	@echo '  make watch M=rules-nft T=NftFollowerTest   the same after each saved file'
	@echo '  make it          the tests that need the kernel, as root'
	@echo '  make format      format the sources'
	@echo 'Before you submit:'
	@echo '  make test        everything that CI runs, as root'
	@echo '  make test-vm     other kernels in virtual machines, the image in containers, faults: the tests that take long'
	@echo '  make e2e         a real cluster with kubelets: the manifests, and the upstream tests in both modes, an hour'
	@echo '  make mutation    do the tests fail when the code is wrong? (PIT, about an hour)'
	@echo 'To see and to ship it:'
	@echo '  make demo        two small clusters in network namespaces, one for each mode'
	@echo '  make bench       beside kube-proxy: start, one change, memory (ARGS=full: all sizes)'
	@echo '                   ARGS=packets: instructions a packet, with three kernels in virtual machines'
	@echo '  make jmh         how planning, rendering, comparing and reading grow with the cluster (JMH)'
	@echo '  make image       the container image as a file, and its bill of materials'
	@echo '  make sbom        the bill of materials of the program alone (CycloneDX)'
	@echo '  make clean       remove everything that was built'
	@echo 'CONTRIBUTING.md explains them; ./fairlead --help lists the commands.'

check:
	@scripts/check $(ARGS)

unit:
	@scripts/unit '$(M)' '$(T)' $(ARGS)

watch:
	@scripts/watch '$(M)' '$(T)' $(ARGS)

it:
	@scripts/test --kernel $(ARGS)

test:
	@scripts/test $(ARGS)

test-vm:
	@scripts/test-vm $(ARGS)

e2e:
	@scripts/e2e $(ARGS)

demo:
	@scripts/setup
	@./fairlead demo $(ARGS)

bench:
	@scripts/bench $(ARGS)

jmh:
	@scripts/jmh $(ARGS)

mutation:
	@scripts/setup
	@scripts/mutation $(ARGS)

image:
	@scripts/setup
	@scripts/build-image $(ARGS)

sbom:
	@scripts/sbom $(ARGS)

format:
	@scripts/maven -q -B spotless:apply $(ARGS)

clean:
	@scripts/docker-daemon remove
	@rm -rf .fairlead target */target */*/target
