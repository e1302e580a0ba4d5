namespace Datamodels.Build;

/// <summary>Runs the comparisons, after what they need is there.</summary>
internal static class Bench
{
    public static int Run(Repository repository, string[] names)
    {
        if (repository.Build() is not 0 and int failed)
        {
            return failed;
        }

        // Where it cannot be fetched, the comparisons on it say that it is missing, and the others run.
        if (!Mnist.IsThere(repository))
        {
            _ = Mnist.Fetch(repository);
        }

        return repository.Dotnet(
            ["run", "--project", "bench/Datamodels.Benchmarks", "-c", Repository.Configuration, "--no-build", "--", .. names]);
    }
}
