import Testing

@testable import Scoring

@Suite struct ParallelismTests {
    @Test(
        "all cores have work",
        arguments: [
            (nil, nil, nil, 2, 2, 1), (nil, nil, 1, 2, 1, 2), (nil, nil, 3, 16, 3, 5), (nil, nil, nil, 1, 1, 1),
            (nil, 2, nil, 8, 4, 2), (nil, 8, nil, 2, 1, 8), (3, nil, nil, 8, 3, 2), (4, nil, nil, 2, 4, 1),
            (4, 4, 1, 2, 4, 4), (nil, nil, 0, 4, 1, 4),
        ] as [(Int?, Int?, Int?, Int, Int, Int)])
    func choice(jobs: Int?, threads: Int?, excerpts: Int?, cores: Int, expectedJobs: Int, expectedThreads: Int) {
        let chosen = Parallelism(jobs: jobs, threads: threads, excerpts: excerpts, cores: cores)
        #expect(chosen.jobs == expectedJobs)
        #expect(chosen.threads == expectedThreads)
    }
}
