# ARGS go on: make test ARGS='-pl rules-core -Dseed=42'
ARGS =

.PHONY: help demo test test-vm mutation bench jmh image format clean

help:
	@echo 'make demo     two small clusters in network namespaces, one per backend: watch Services work'
	@echo 'make test     build, style checks and all tests, as root'
	@echo 'make test-vm  other kernels in virtual machines, the image in containers, faults: the tests that take long'
	@echo 'make mutation do the tests notice when the code is changed? (PIT; about an hour)'
	@echo 'make bench    beside kube-proxy: start, one change, memory (ARGS=full: all sizes)'
	@echo 'make jmh      how planning, rendering, comparing and reading grow with the cluster; one change beside them (JMH)'
	@echo 'make image    the container image, as a file that docker load and others take'
	@echo 'make format   rewrite the sources in the style the build checks'
	@echo 'make clean    remove everything that was built'
	@echo './fairlead --help tells the rest.'

demo:
	@scripts/setup
	@./fairlead demo $(ARGS)

test:
	@scripts/test $(ARGS)

test-vm:
	@scripts/test-vm $(ARGS)

mutation:
	@scripts/setup
	@scripts/mutation $(ARGS)

bench:
	@scripts/bench $(ARGS)

jmh:
	@scripts/jmh $(ARGS)

image:
	@scripts/setup
	@scripts/build-image $(ARGS)

format:
	@scripts/maven -q -B spotless:apply $(ARGS)

clean:
	@scripts/docker-daemon remove
	@rm -rf .fairlead target */target */*/target
