module kuberlr.test/standin

go 1.21
