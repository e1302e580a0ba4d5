using System.Management.Automation;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Datamodels.PowerShell;
using Xunit;

namespace Datamodels.Tests.PowerShell;

/// <summary>The manifest, the views and the cmdlets have to say the same. Attributes are read from metadata only.</summary>
public class ModuleTests
{
    private const string Cmdlet = "System.Management.Automation.CmdletAttribute";
    private const string Alias = "System.Management.Automation.AliasAttribute";
    private const string OutputType = "System.Management.Automation.OutputTypeAttribute";
    private const string Parameter = "System.Management.Automation.ParameterAttribute";

    private static readonly Type[] s_commands =
        [.. typeof(DatamodelCommand).Assembly.GetTypes().Where(type => Attributes(type, Cmdlet).Any())];

    [Fact]
    public void The_manifest_exports_exactly_the_cmdlets_there_are() =>
        Assert.Equal(s_commands.Select(NameOf).Order(), ManifestList("CmdletsToExport").Order());

    [Fact]
    public void The_manifest_exports_exactly_the_aliases_there_are() =>
        Assert.Equal(
            s_commands.SelectMany(type => Attributes(type, Alias)).SelectMany(Strings).Order(),
            ManifestList("AliasesToExport").Order());

    [Fact]
    public void The_assemblies_carry_the_version_of_the_manifest()
    {
        string version = Regex.Match(Manifest(), @"ModuleVersion\s*=\s*'([^']+)'").Groups[1].Value;
        foreach (Assembly assembly in new[] { typeof(DatamodelCommand).Assembly, typeof(DatamodelException).Assembly })
        {
            Assert.Equal(version, assembly.GetName().Version!.ToString(3));
        }
    }

    [Fact]
    public void Every_command_is_named_for_its_class_and_says_what_it_gives()
    {
        foreach (Type command in s_commands)
        {
            Assert.Equal(NameOf(command).Replace("-", "", StringComparison.Ordinal) + "Command", command.Name);
            Assert.True(command.IsSealed && command.IsSubclassOf(typeof(DatamodelCommand)), command.Name);
            Assert.NotEmpty(OutputTypesOf(command));
        }
    }

    [Fact]
    public void Whatever_trains_models_takes_a_seed_and_a_throttle_limit()
    {
        string[] names =
        [
            "Start-SubsetTraining", "Test-BrittleSet", "Measure-Datamodel", "Get-DatamodelEmbedding", "Test-EmbeddingComponent",
        ];
        foreach (string name in names)
        {
            Type command = Assert.Single(s_commands, type => NameOf(type) == name);
            Assert.Contains("Seed", ParametersOf(command));
            Assert.Contains("ThrottleLimit", ParametersOf(command));
        }
    }

    [Fact]
    public void Every_verb_is_an_approved_one()
    {
        string[] approved =
        [
            .. typeof(VerbsCommon).Assembly.GetTypes().Where(type => type.Name.StartsWith("Verbs", StringComparison.Ordinal))
                .SelectMany(type => type.GetFields()).Select(field => (string)field.GetRawConstantValue()!),
        ];
        Assert.All(s_commands, command => Assert.Contains(NameOf(command).Split('-')[0], approved));
    }

    [Fact]
    public void Parameters_are_named_in_the_singular()
    {
        string[] plural =
        [
            .. s_commands.SelectMany(ParametersOf).Distinct()
                .Where(name => name.EndsWith('s') && !name.EndsWith("ss", StringComparison.Ordinal)).Order(),
        ];
        Assert.Empty(plural);
    }

    [Fact]
    public void Whatever_writes_where_the_user_says_asks_first_when_told_to()
    {
        string[] verbs = [VerbsData.Export, VerbsLifecycle.Start, VerbsLifecycle.Submit];
        Type[] writers =
        [
            .. s_commands.Where(command => verbs.Contains(NameOf(command).Split('-')[0])
                || ParametersOf(command).Intersect(["Force", "OutputPath"]).Any()),
        ];
        Assert.InRange(writers.Length, 4, s_commands.Length);
        foreach (Type command in writers)
        {
            Assert.Contains(
                Attributes(command, Cmdlet).Single().NamedArguments,
                argument => argument is { MemberName: "SupportsShouldProcess", TypedValue.Value: true });
        }
    }

    [Fact]
    public void Every_output_type_has_a_table_view_and_a_list_view()
    {
        string[] tables = [.. Views("TableControl").Select(view => view.TypeName)];
        string[] lists = [.. Views("ListControl").Select(view => view.TypeName)];
        Assert.Equal(tables.Order(), lists.Order());
        foreach (Type type in s_commands.SelectMany(OutputTypesOf).Distinct()
            .Except([typeof(Job), typeof(FileInfo), typeof(DirectoryInfo)]))
        {
            // Jobs, files and folders have the view of every one.
            Assert.Contains(type.FullName, tables);
        }
    }

    [Fact]
    public void Views_are_of_types_and_properties_that_exist()
    {
        foreach ((string typeName, string[] properties) in Views("TableControl").Concat(Views("ListControl")))
        {
            Type? type = typeof(DatamodelException).Assembly.GetType(typeName);
            Assert.True(type is not null, $"No type {typeName}.");
            foreach (string property in properties)
            {
                Assert.True(type.GetProperty(property) is not null, $"{typeName} has no property {property}.");
            }
        }
    }

    [Fact]
    public void The_module_holds_no_shell_of_PowerShell_and_only_its_own_libraries()
    {
        string[] files = [.. Directory.GetFiles(PathInRepository("module/bin"), "*.dll").Select(file => Path.GetFileName(file))];
        Assert.Equal(
            [
                "CsvHelper.dll", "Datamodels.Loader.dll", "Datamodels.PowerShell.dll", "Datamodels.Report.dll", "Datamodels.dll",
                "MathNet.Numerics.dll", "YamlDotNet.dll",
            ],
            files.Order(StringComparer.Ordinal));
    }

    private static string NameOf(Type command) =>
        string.Join('-', Attributes(command, Cmdlet).Single().ConstructorArguments.Select(a => a.Value));

    private static IEnumerable<Type> OutputTypesOf(Type command) =>
        from attribute in Attributes(command, OutputType)
        from argument in attribute.ConstructorArguments
        from type in argument.Value is IEnumerable<CustomAttributeTypedArgument> many
            ? many.Select(a => a.Value)
            : [argument.Value]
        select (Type)type;

    private static string[] ParametersOf(Type command) =>
        [.. command.GetProperties().Where(property => Attributes(property, Parameter).Any()).Select(property => property.Name)];

    private static IEnumerable<CustomAttributeData> Attributes(MemberInfo member, string name) =>
        member.CustomAttributes.Where(attribute => attribute.AttributeType.FullName == name);

    private static IEnumerable<string> Strings(CustomAttributeData attribute) =>
        ((IEnumerable<CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!).Select(a => (string)a.Value!);

    private static IEnumerable<(string TypeName, string[] Properties)> Views(string control) =>
        from file in ManifestList("FormatsToProcess")
        from view in XDocument.Load(PathInRepository(file)).Descendants("View")
        where view.Element(control) is not null
        from typeName in view.Descendants("TypeName")
        select (typeName.Value, view.Descendants("PropertyName").Select(property => property.Value).ToArray());

    private static string[] ManifestList(string key)
    {
        string list = Regex.Match(Manifest(), key + @"\s*=\s*@\(([^)]*)\)").Groups[1].Value;
        return [.. Regex.Matches(list, "'([^']+)'").Select(match => match.Groups[1].Value)];
    }

    private static string Manifest() => File.ReadAllText(PathInRepository("Datamodels.psd1"));

    private static string PathInRepository(string path, [CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../..", path));
}
